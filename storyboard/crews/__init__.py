"""Who works, where it is not this process: processes, a cluster, any executor by its name.

crew      what is hired: an executor, how it fares, and how it is let go
lasting   an executor that outlives workers: another try, and in the end this process
processes processes of this machine
cluster   a Dask cluster
errand    what is done at a worker: the same work, by the same versions
"""
