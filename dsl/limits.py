"""Bounds on what is read, so that no file costs more than a known time and memory.

Each is far above what people write: the largest known spec has some 400 statements. Reaching one
is a diagnostic that names the bound.
"""

MAX_BYTES = 1024 * 1024  # of one file
MAX_TOKENS = 300_000  # words, numbers, signs, line ends and comments of one file
MAX_STATEMENTS = 40_000  # of one file, counted as statement ends
MAX_DEPTH = 32  # of `{` and `[` inside each other
MAX_DIGITS = 30  # of one number, before and after the point
MAX_FILES = 256  # read for one spec, the spec itself among them
MAX_IMPORTED_BYTES = 4 * 1024 * 1024  # of all those files
MAX_BODIES = 256  # profile bodies applied one by one to a deployment
MAX_SYNTAX_ERRORS = 100  # of one file; reading stops there
MAX_RESTARTS = 8  # of the parse of one file, each at the end of a block that was not closed
MAX_FINDINGS = 100  # of one spec; checking stops there
MAX_DEVICES = 4096  # of one node: more stand in no chassis
MAX_NAME = 63  # of a deployment: it names a folder and a Kubernetes label
MAX_GUESS = 64  # length of a name for which a near one is searched
MAX_GUESS_WORK = 150_000  # pairs of characters that are compared for it
