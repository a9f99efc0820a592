"""The parts of SARIF 2.1.0 that servec writes, strict: an unknown or misspelt property fails.

Section numbers are those of the standard (docs.oasis-open.org/sarif/sarif/v2.1.0).
"""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

Level = Literal["none", "note", "warning", "error"]
Count = Annotated[int, Field(ge=1)]
Offset = Annotated[int, Field(ge=0)]


def _relative(uri: str) -> str:
    """3.4.4: relative to its base, forward slashes, no `..`, percent-encoded."""
    assert re.fullmatch(r"[A-Za-z0-9._~%!$&'()*+,;=@:/-]+", uri), uri
    assert not uri.startswith("/") and ".." not in uri.split("/"), uri
    return uri


class Part(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, populate_by_name=True)


class Message(Part):
    """3.11"""

    text: Annotated[str, Field(min_length=1)]
    markdown: str | None = None


class ArtifactLocation(Part):
    """3.4"""

    uri: Annotated[str, AfterValidator(_relative)]
    uriBaseId: Literal["SRCROOT"]


class Region(Part):
    """3.30: lines and columns from 1, the end column exclusive; offsets from 0."""

    startLine: Count
    startColumn: Count
    endLine: Count
    endColumn: Count
    byteOffset: Offset
    byteLength: Offset

    @model_validator(mode="after")
    def ordered(self) -> Region:
        assert (self.startLine, self.startColumn) <= (self.endLine, self.endColumn)
        return self


class PhysicalLocation(Part):
    """3.29"""

    artifactLocation: ArtifactLocation
    region: Region


class Location(Part):
    """3.28"""

    id: Count | None = None
    physicalLocation: PhysicalLocation
    message: Message | None = None


class InsertedContent(Part):
    """3.3, an artifactContent"""

    text: str


class Replacement(Part):
    """3.57"""

    deletedRegion: Region
    insertedContent: InsertedContent


class ArtifactChange(Part):
    """3.56"""

    artifactLocation: ArtifactLocation
    replacements: Annotated[list[Replacement], Field(min_length=1)]


class Fix(Part):
    """3.55"""

    description: Message
    artifactChanges: Annotated[list[ArtifactChange], Field(min_length=1)]


class Result(Part):
    """3.27"""

    ruleId: str
    ruleIndex: Offset
    level: Level
    message: Message
    locations: Annotated[list[Location], Field(min_length=1, max_length=1)]
    relatedLocations: list[Location] = []
    fixes: list[Fix] = []
    partialFingerprints: dict[str, str]
    properties: dict[str, Any] = {}


class Configuration(Part):
    """3.50"""

    level: Level


class Rule(Part):
    """3.49, a reportingDescriptor"""

    id: str
    name: str
    shortDescription: Message
    help: Message
    defaultConfiguration: Configuration


class Driver(Part):
    """3.19, a toolComponent"""

    name: Literal["servec"]
    version: str
    rules: list[Rule]


class Tool(Part):
    """3.18"""

    driver: Driver


class Notification(Part):
    """3.58"""

    level: Level
    message: Message


class Invocation(Part):
    """3.20"""

    executionSuccessful: bool
    toolExecutionNotifications: list[Notification] = []


class BaseId(Part):
    """3.14.14: the base of relative addresses, described and not located"""

    description: Message


class Run(Part):
    """3.14"""

    tool: Tool
    columnKind: Literal["unicodeCodePoints"]
    originalUriBaseIds: dict[Literal["SRCROOT"], BaseId]
    results: list[Result]
    invocations: list[Invocation] = []
    properties: dict[str, Any] = {}

    @model_validator(mode="after")
    def consistent(self) -> Run:
        ids = [rule.id for rule in self.tool.driver.rules]
        assert len(set(ids)) == len(ids)
        for result in self.results:
            assert ids[result.ruleIndex] == result.ruleId
        prints = [str(result.partialFingerprints) for result in self.results]
        assert len(set(prints)) == len(prints)
        return self


class Log(Part):
    """3.13"""

    schema_: str = Field(alias="$schema")
    version: Literal["2.1.0"]
    runs: Annotated[list[Run], Field(min_length=1, max_length=1)]
