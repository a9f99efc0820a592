"""The JSON documents of the commands, one record a shape.

Each record is the single definition of its shape: `plain` turns it into what `--format json`
prints, keys in the order of its fields, and `servec schema` makes the JSON Schema from it. A
field's annotation is a plain type, another record, `tuple[X, ...]`, `Mapping[str, X]`,
`Literal[...]` or a union with `None`; its meaning stands in the record's docstring.

A command's document has `schema` as its first field, a `Literal` with its name and number, and
is listed in `DOCUMENTS`.
"""

DOCUMENTS = {
    "servec.check/1": "servec.cli.documents.check:CheckDocument",
    "servec.compile/1": "servec.cli.documents.compile:CompileDocument",
    "servec.explain/1": "servec.cli.documents.explain:ExplainDocument",
    "servec.fmt/1": "servec.cli.documents.small:FmtDocument",
    "servec.init/1": "servec.cli.documents.small:InitDocument",
    "servec.completion/1": "servec.cli.documents.small:CompletionDocument",
    "servec.schema/1": "servec.cli.documents.small:SchemaDocument",
    "servec.models/1": "servec.cli.documents.models:ModelsDocument",
    "servec.hardware/1": "servec.cli.documents.hardware:HardwareDocument",
    "servec.accuracy/1": "servec.cli.documents.accuracy:AccuracyDocument",
    "servec.calibrate/1": "servec.cli.documents.calibrate:CalibrateDocument",
    "servec.runtimes/1": "servec.cli.documents.runtimes:RuntimesDocument",
    "servec.upgrade/1": "servec.cli.documents.upgrade:UpgradeDocument",
    "servec.verify/1": "servec.cli.documents.verify:VerifyDocument",
    "servec.diff/1": "servec.cli.documents.diff:DiffDocument",
    "servec.bench/1": "servec.cli.documents.bench:BenchDocument",
    "servec.run/1": "servec.cli.documents.run:RunDocument",
    "servec.import/1": "servec.cli.documents.imported:ImportDocument",
    "servec.error/1": "servec.cli.documents.small:ErrorDocument",
}
