"""The scenario format as models: one file a section, attribute names equal to the keys of the YAML file."""
