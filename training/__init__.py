"""The recipe that makes the coder's model from labelled sentences and data sets."""
