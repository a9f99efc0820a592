"""An emitted artifact fails its own check.

Checks: every script that is emitted passes `bash -n` and shellcheck, every YAML, JSON, TOML and
    unit file reads back as it was meant, and each command line is one that the option table takes.
Because: what is emitted is run unseen. The tests hold it for every sample and target, so that an
    installed servec does not end with this code; who changes an emitter does.
Wrong: a word that enters a script without being quoted
Right: the same word through the quoting function of its form
Source: tests/artifacts and tests/targets
"""
