"""Acts that span domains, one transaction each."""
