"""One place for takes of several machines: files by name on a shared disk or in a bucket, and who
is buying what."""
