"""FUI on real parts: a throwaway machine, what is installed in it, and its clients.

`machine` is the door; tests and the demo need nothing else of here but `smb`.
"""
