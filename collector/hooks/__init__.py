"""What does a provider's call mean? Mapping files, their language, and who signed it. See README.md."""
