"""Strangers' files taken in: zips, folders, downloads of a learning platform, remotes."""
