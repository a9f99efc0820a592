"""The commands: one module each, imported only when it is called.

How a command is added. Write `servec/cli/commands/<name>.py` (`import_.py` for `import`) and one
line in `COMMANDS` below; a name without a module is not listed. The module holds:

    '''What the command does, first line; the rest is shown by `--help`.'''

    USAGE = "list | show ID"              # what stands behind the name in the usage line
    EXAMPLE = '''
    $ servec models show qwen3-4b         # each line that begins with `$ servec` must parse
    '''
    FORMATS = ("text", "json")            # of --format; "sarif", "github" where it reports findings
    EMPTY = "servec.models/1"             # its JSON document (see `servec.cli.documents`), or a
                                          # mapping: what a call that fails early prints, with
                                          # every list empty

    def register(parser: ArgumentParser) -> None: ...      # its own arguments only
    def run(args: Namespace, console: Console) -> int: ... # the exit code

`main` adds the options that every command has: `--format`, `--color`, `-q`, `-v`, `--version`,
`--help`. In `run`, `args.format` is one of `FORMATS`. Options may stand between positionals. Verbs
(`list`, `show ID`) are a positional with `choices`, no sub-parsers. `REST = True` in the module:
what stands behind `--` arrives in `args.rest` as it is.

`run` prints through the `Console` it gets, never otherwise: `console.out(text)` is data (stdout),
`console.err(text)` is for people (stderr, silent with `-q`), `console.json(document)` prints the
one JSON document. Findings: `console.report(diagnostics, sources, names)`. It stops early
with `raise UsageError("text")` (exit 2: wrong usage, a file that cannot be read or written) or
`raise MissingTool("text")` (exit 3), both from `servec.cli.errors`; what is printed for them in
each format is done in `main`. Any other exception is a bug: exit 70 and a report file.

Files are read through `DiskSources` (`servec.cli.sources`) and written through `servec.cli.write`.
Import everything that only your command needs inside `run` or `register`; nothing at the top but
types. A JSON document's first key is its schema. Its shape is a record under
`servec/cli/documents/` (one definition: it is printed from the record, `servec schema` is made from
it, and the tests judge real output by that).
"""

COMMANDS = {
    "check": "parse, resolve and validate specs; writes nothing",
    "compile": "check, choose a runtime, and write what starts it",
    "plan": "rank every way to serve a spec, with memory and predictions",
    "fmt": "format specs in the one canonical style",
    "explain": "the long text of a rule, or why a runtime was or was not chosen",
    "init": "write a commented starter spec",
    "import": "turn a launch command into a spec, or judge it",
    "models": "the catalogue of models: list, show, add",
    "hardware": "the table of devices: list, show",
    "accuracy": "score predictions against a file of measurements",
    "calibrate": "fit the predictor to measurements of one's own",
    "runtimes": "option tables of the runtimes: list, show, diff, extract",
    "upgrade": "what a runtime upgrade touches in specs, each line with its edit",
    "diff": "what changes between two specs or revisions: commands, memory, predictions",
    "run": "carry out the steps of a deployment on this machine, up to the probe",
    "bench": "load running servers with the spec's workload and compare with the prediction",
    "verify": "replay emitted commands on the runtimes' own parsers",
    "lsp": "a language server on stdio, for editors",
    "schema": "print the JSON Schemas of the outputs",
    "completion": "print a completion script for bash, zsh or fish",
}


def module_name(command: str) -> str:
    """The module of a command, by its name on the command line."""
    return f"servec.cli.commands.{command}{'_' if command == 'import' else ''}"
