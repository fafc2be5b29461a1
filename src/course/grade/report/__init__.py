"""What people read of the results: pages, charts, files, the terminal."""
