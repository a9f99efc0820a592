"""Service units for single machines: systemd on Linux, launchd on macOS."""

from __future__ import annotations

from servec.compiler.target import Artifact
from servec.targets.shared.artifacts.header import comment, header_lines
from servec.targets.shared.artifacts.words import known

TYPE_CHECKING = False
if TYPE_CHECKING:
    from servec.compiler.target import Process
    from servec.targets.shared.artifacts.subject import Subject


def systemd_unit(subject: Subject, process: Process) -> Artifact:
    """A unit with restart policy; secrets and overrides come from an environment file."""
    name = unit_name(subject, process)
    lines = [
        comment(subject),
        "[Unit]\n",
        f"Description=servec {name}\n",
        "Wants=network-online.target\n",
        "After=network-online.target\n\n",
        "[Service]\n",
        "Type=exec\n",
        "# the project's root: paths in the command are relative to it\n",
        f"WorkingDirectory=-%h/{subject.deployment}\n",
    ]
    for key, value in sorted(process.env.items()):
        lines.append(f"Environment={systemd_word(f'{key}={value}', process)}\n")
    lines.append(f"EnvironmentFile=-%E/servec/{subject.deployment}.env\n")
    command = ["/usr/bin/env", *process.argv]
    lines.append("ExecStart=" + " ".join(systemd_word(w, process) for w in command) + "\n")
    lines.extend(
        (
            "Restart=on-failure\n",
            "RestartSec=10\n",
            "# the server is told to end, and ends its workers itself\n",
            "KillMode=mixed\n",
            "LimitNOFILE=65536\n",
            "LimitMEMLOCK=infinity\n",
            "TimeoutStopSec=120\n\n",
            "[Install]\n",
            "WantedBy=default.target\n",
        )
    )
    return Artifact(f"systemd/{name}.service", "systemd", "".join(lines))


def unit_name(subject: Subject, process: Process) -> str:
    """The unit's name: deployment and target, and the process where there are several."""
    base = f"{subject.deployment}-{subject.target}"
    return base if len(subject.launch.processes) == 1 else f"{base}-{process.name}"


def systemd_word(text: str, process: Process) -> str:
    """One word of a unit: double quotes with C escapes; `%` and `$` are doubled as data."""
    name = known(text, process)
    if name:
        return text
    if text.isprintable() and not any(sign in text for sign in '"\\%$'):
        return f'"{text}"'
    out = []
    for sign in text:
        if sign in '"\\':
            out.append("\\" + sign)
        elif sign in "%$":
            out.append(sign * 2)
        elif sign.isprintable():
            out.append(sign)
        else:
            out.append("".join(f"\\x{byte:02x}" for byte in sign.encode()))
    return '"' + "".join(out) + '"'


def launchd_plist(subject: Subject, process: Process) -> Artifact:
    """A launch agent; variables that hold secrets are inherited (`launchctl setenv`)."""
    name = f"servec.{unit_name(subject, process)}"
    about = "".join(f"  {line}\n" for line in header_lines(subject)).replace("--", "- -")
    arguments = ["/usr/bin/env", *process.argv]
    environment = "".join(
        f"    <key>{xml(k)}</key>\n    <string>{xml(v)}</string>\n"
        for k, v in sorted(process.env.items())
    )
    text = (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" '
        '"http://www.apple.com/DTDs/PropertyList-1.0.dtd">\n'
        f'<!--\n{about}-->\n<plist version="1.0">\n<dict>\n'
        f"  <key>Label</key>\n  <string>{xml(name)}</string>\n"
        "  <key>ProgramArguments</key>\n  <array>\n"
        + "".join(f"    <string>{xml(word)}</string>\n" for word in arguments)
        + "  </array>\n"
        + (
            f"  <key>EnvironmentVariables</key>\n  <dict>\n{environment}  </dict>\n"
            if environment
            else ""
        )
        + "  <key>RunAtLoad</key>\n  <true/>\n"
        "  <key>KeepAlive</key>\n  <dict>\n    <key>SuccessfulExit</key>\n    <false/>\n  </dict>\n"
        "  <key>ThrottleInterval</key>\n  <integer>10</integer>\n"
        "  <key>ExitTimeOut</key>\n  <integer>120</integer>\n"
        "</dict>\n</plist>\n"
    )
    return Artifact(f"launchd/{name}.plist", "launchd", text)


def xml(text: str) -> str:
    """Text for an XML element; characters that XML 1.0 cannot hold are left out of a plist."""
    for sign, entity in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;")):
        text = text.replace(sign, entity)
    return text
