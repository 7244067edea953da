"""What each command does: from a storyboard to a result, without a terminal.

render      from the file to the film: plan, generate, cut, assemble
head_start  encodes pieces of the film while other takes are still to come
conform     what there is of each shot, and the cut made of it
finish      from a timeline to the file that people watch
take_back   an editor's cut, tried in the storyboard before a byte of it is written
new         a first storyboard from folders of pictures
doctor      whether this machine, this store and this key are fit to make a film
preflight   what can be known before paying, and is said then
"""
