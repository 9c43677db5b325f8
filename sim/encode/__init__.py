"""From a scenario to the numbers that compiled code reads: Params, Tables, and the names that lead back."""
