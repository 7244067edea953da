"""Video files: probing, checking, reading and writing, by frame number and in the right colours.

Everything runs in this process, on PyAV: a frame reaches the encoder as it left the decoder, a
failure is an exception, and frames are counted from packets. (ffmpeg as a program would cost a
pipe of RGB for each take, has no ffprobe beside it in imageio-ffmpeg, and tells of a full disk in
words on stderr.)
"""
