"""The commands of ``keypair-wizard``, one file each."""
