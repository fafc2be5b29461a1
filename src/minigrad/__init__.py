"""minigrad: the autograd engine you write.

Import from the modules, for example `from minigrad.scalar import Value`.
"""
