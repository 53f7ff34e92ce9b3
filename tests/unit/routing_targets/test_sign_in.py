"""Which credentials of a cloud are used, of all that a machine has."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from configured_project import Workspace
from streetrace_lsp.routing.errors import RoutingError
from streetrace_lsp.routing.targets import Target, resolve

TOKEN = {"AWS_BEARER_TOKEN_BEDROCK": "token"}
KEYS = {"AWS_ACCESS_KEY_ID": "AKIA", "AWS_SECRET_ACCESS_KEY": "secret"}
PROFILE = {"AWS_PROFILE_NAME": "work"}
MODEL = "anthropic.claude-3-haiku-20240307-v1:0"


@pytest.fixture
def files(home: Path) -> Path:
    """A home folder with the logins of both clouds."""
    for name in (".aws/credentials", ".config/gcloud/application_default_credentials.json"):
        (home / name).parent.mkdir(parents=True, exist_ok=True)
        (home / name).write_text("", "utf-8")
    return home


def resolved(place: Path, environ: Mapping[str, str], provider: str, *lines: str) -> Target:
    body = "\n".join([f'provider = "{provider}"', *lines])
    workspace = Workspace(place, environ).user(f'[backends.x]\nmodel = "{MODEL}"\n{body}\n')
    return resolve(workspace.load(), "fix", "x")


def used(target: Target) -> str:
    if target.key is not None:
        return str(target.key_variable)
    if target.credentials:
        return "access keys"
    return str(target.options.get("aws_profile_name") or target.options.get("vertex_credentials"))


@pytest.mark.parametrize(
    ("environ", "lines", "expected"),
    [
        ({**TOKEN, **KEYS, **PROFILE}, (), "AWS_BEARER_TOKEN_BEDROCK"),
        ({**KEYS, **PROFILE}, (), "access keys"),
        (PROFILE, (), "work"),
        ({"AWS_PROFILE": "team"}, (), "team"),
        ({"AWS_ACCESS_KEY_ID": "AKIA"}, (), "default"),
        ({}, (), "default"),
        # What the configuration names comes before what lies around.
        ({**TOKEN, **KEYS}, ('profile = "mine"',), "mine"),
        ({**TOKEN, "TEAM": "t"}, ('api_key = "${TEAM}"', 'profile = "mine"'), "TEAM"),
    ],
)
def test_bedrock_is_signed_in_to_by_the_first_of(
    tmp_path: Path, files: Path, environ: dict[str, str], lines: tuple[str, ...], expected: str
) -> None:
    assert used(resolved(tmp_path, environ, "bedrock", *lines)) == expected


def test_the_files_of_aws_are_handed_over_by_path(tmp_path: Path, files: Path) -> None:
    target = resolved(tmp_path, PROFILE, "bedrock")
    assert target.options["aws_credentials_file"] == str(files / ".aws/credentials")
    assert "aws_config_file" not in target.options
    other = tmp_path / "other-config"
    other.touch()
    place = tmp_path / "again"
    place.mkdir()
    target = resolved(place, {"AWS_CONFIG_FILE": str(other)}, "bedrock")
    assert target.options["aws_config_file"] == str(other)


def test_vertex_is_signed_in_to_by_the_file_that_is_named(tmp_path: Path, files: Path) -> None:
    for name in ("a.json", "b.json"):
        (files / name).touch()
    environ = {"GOOGLE_APPLICATION_CREDENTIALS": str(files / "a.json")}
    gcloud = files / ".config/gcloud/application_default_credentials.json"
    for number, (given, lines, expected) in enumerate(
        [
            (environ, ('credentials_file = "~/b.json"',), files / "b.json"),
            (environ, (), files / "a.json"),
            ({}, (), gcloud),
        ]
    ):
        place = tmp_path / str(number)
        place.mkdir()
        assert used(resolved(place, given, "vertex_ai", *lines)) == str(expected)


def test_a_file_that_is_not_there_is_named(tmp_path: Path, home: Path) -> None:
    environ = {"GOOGLE_APPLICATION_CREDENTIALS": "/nowhere/key.json"}
    with pytest.raises(RoutingError, match=r"GOOGLE_APPLICATION_CREDENTIALS names .*key\.json"):
        resolved(tmp_path, environ, "vertex_ai")


def test_a_profile_without_a_file_is_named(tmp_path: Path, home: Path) -> None:
    with pytest.raises(RoutingError, match="the AWS profile work has no file"):
        resolved(tmp_path, PROFILE, "bedrock")


def test_a_projects_dotenv_leads_to_no_other_file_of_aws(tmp_path: Path, files: Path) -> None:
    workspace = Workspace(tmp_path)
    workspace.dotenv("AWS_SHARED_CREDENTIALS_FILE=/planted\nAWS_CONFIG_FILE=/planted\n")
    workspace.project(f'model = "bedrock/{MODEL}"').trust()
    target = resolve(workspace.load(), "fix")
    assert target.options["aws_credentials_file"] == str(files / ".aws/credentials")


def test_the_region_of_an_arn_is_its_own(tmp_path: Path) -> None:
    arn = "arn:aws:bedrock:eu-north-1:1:inference-profile/eu.anthropic.claude-x-v1:0"
    workspace = Workspace(tmp_path, {**TOKEN, "AWS_REGION_NAME": "us-east-1"})
    target = resolve(workspace.load(), "fix", f"bedrock/{arn}")
    assert target.options["aws_region_name"] == "eu-north-1"
    assert target.origins[0].host == "bedrock-runtime.eu-north-1.amazonaws.com"


@pytest.mark.parametrize("region", ["evil.example/#", "US-EAST-1", "a b"])
def test_a_region_of_the_file_cannot_lead_elsewhere(tmp_path: Path, region: str) -> None:
    with pytest.raises(RoutingError, match="not the name of a region"):
        resolved(tmp_path, TOKEN, "bedrock", f'region = "{region}"')


@pytest.mark.parametrize(
    ("provider", "line", "variable", "option"),
    [
        ("openai", 'organization = "file"', "OPENAI_ORGANIZATION", "organization"),
        ("azure", 'api_version = "file"', "AZURE_API_VERSION", "api_version"),
        ("azure_ai", 'api_version = "file"', "AZURE_API_VERSION", "api_version"),
        ("vertex_ai", 'project = "file"', "GOOGLE_CLOUD_PROJECT", "vertex_project"),
        ("vertex_ai", 'region = "file"', "VERTEXAI_LOCATION", "vertex_location"),
        ("bedrock", 'region = "file"', "AWS_REGION", "aws_region_name"),
    ],
)
def test_what_the_file_says_comes_before_a_variable(
    tmp_path: Path, files: Path, provider: str, line: str, variable: str, option: str
) -> None:
    environ = {variable: "shell", "AZURE_API_KEY": "k", "OPENAI_API_KEY": "k"}
    environ["AZURE_API_BASE"] = "https://a.openai.azure.com"
    both, alone = tmp_path / "both", tmp_path / "alone"
    both.mkdir()
    alone.mkdir()
    assert resolved(both, environ, provider, line).options[option] == "file"
    assert resolved(alone, environ, provider).options[option] == "shell"
