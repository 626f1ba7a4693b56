"""The products of the sample catalog, one module each."""
