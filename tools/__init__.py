"""What keeps this repository true to itself and is no part of the package: generated pages and golden results."""
