"""What is done with runs: keeping them as records, doing them again, sharing outcomes with their sampling error."""
