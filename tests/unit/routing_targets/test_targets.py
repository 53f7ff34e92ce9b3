"""Where requests go and what goes with them."""

from pathlib import Path

import pytest

from configured_project import CANARIES, Workspace, question_of, status_of
from streetrace_lsp.config.grants import parse_grant
from streetrace_lsp.routing.errors import (
    GrantNeededError,
    NotConfiguredError,
    RoutingError,
    UntrustedError,
)
from streetrace_lsp.routing.providers import PROVIDERS
from streetrace_lsp.routing.targets import Target, resolve
from streetrace_lsp.routing.unconfigured import Offer, choose_without_configuration

LISTENER = "http://127.0.0.1:9"


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace(tmp_path, CANARIES)


def backend(provider: str, *lines: str) -> str:
    body = "\n".join(lines)
    return f'model = "x/m"\n[backends.x]\nprovider = "{provider}"\n{body}\n'


def refused(workspace: Workspace, wanted: str | None = None) -> RoutingError:
    with pytest.raises(RoutingError) as error:
        resolve(workspace.load(), "fix", wanted)
    return error.value


@pytest.mark.parametrize("provider", sorted(set(PROVIDERS) - {"replay"}))
@pytest.mark.parametrize("key", ["", 'api_key = "${GITHUB_TOKEN}"'])
def test_an_untrusted_project_gets_no_key_looked_up(
    workspace: Workspace, provider: str, key: str
) -> None:
    workspace.project(backend(provider, f'api_base = "{LISTENER}"', key))
    configuration = workspace.load()
    assert status_of(configuration) == "restricted"
    for wanted in (None, "x/m", "x"):
        with pytest.raises(RoutingError) as error:
            resolve(configuration, "fix", wanted)
        assert "canary" not in repr(vars(error.value))
    assert workspace.environ.canaries_touched == set()
    assert "canary" not in repr(configuration)


@pytest.mark.parametrize("provider", sorted(set(PROVIDERS) - {"replay"}))
def test_a_trusted_project_gets_no_key_without_its_grant(
    workspace: Workspace, provider: str
) -> None:
    workspace.project(backend(provider, f'api_base = "{LISTENER}"', 'api_key = "${GITHUB_TOKEN}"'))
    workspace.trust(grants=False)
    # The editor's hints look the named variable up; the target never does.
    workspace.environ.looked_up.clear()
    error = refused(workspace)
    assert isinstance(error, GrantNeededError)
    assert f"send GITHUB_TOKEN to {LISTENER}" in error.message
    assert workspace.environ.canaries_touched == set()


@pytest.mark.parametrize("provider", sorted(set(PROVIDERS) - {"replay"}))
def test_after_the_grant_exactly_the_one_key_goes(workspace: Workspace, provider: str) -> None:
    text = backend(provider, f'api_base = "{LISTENER}"', 'api_key = "${GITHUB_TOKEN}"')
    configuration = workspace.project(text).trust()
    workspace.environ.looked_up.clear()
    target = resolve(configuration, "fix")
    assert target.key is not None
    assert target.key.reveal() == CANARIES["GITHUB_TOKEN"]
    assert str(target.origins[0]) == LISTENER
    assert workspace.environ.canaries_touched == {"GITHUB_TOKEN"}
    assert target.credentials == {}


def test_the_own_key_of_a_provider_needs_a_grant_for_another_address(
    workspace: Workspace,
) -> None:
    workspace.project(backend("anthropic", f'api_base = "{LISTENER}"'))
    assert [str(grant) for grant in question_of(workspace.load()).grants] == [
        f"{LISTENER}=ANTHROPIC_API_KEY"
    ]
    workspace.trust(grants=False)
    assert isinstance(refused(workspace), GrantNeededError)
    workspace.trust()
    target = resolve(workspace.load(), "fix")
    assert target.key_variable == "ANTHROPIC_API_KEY"


def test_a_grant_holds_for_its_exact_origin_and_variable(workspace: Workspace) -> None:
    key = 'api_key = "${GITHUB_TOKEN}"'
    workspace.project(backend("openai", f'api_base = "{LISTENER}"', key)).trust()
    for other in ("http://127.0.0.1:8", "https://127.0.0.1:9", "http://localhost:9"):
        workspace.project(backend("openai", f'api_base = "{other}"', key)).trust(grants=False)
        assert isinstance(refused(workspace), GrantNeededError)
    other_key = 'api_key = "${OPENAI_API_KEY}"'
    workspace.project(backend("openai", f'api_base = "{LISTENER}"', other_key))
    workspace.trust(grants=False)
    assert isinstance(refused(workspace), GrantNeededError)


def test_a_server_without_a_key_gets_none_and_needs_a_grant_for_its_address(
    workspace: Workspace,
) -> None:
    workspace.project(backend("openai", f'api_base = "{LISTENER}/v1"'))
    assert [str(grant) for grant in question_of(workspace.load()).grants] == [LISTENER]
    assert f"requests may be sent to {LISTENER}" in question_of(workspace.load()).text
    target = resolve(workspace.trust(), "fix")
    assert (target.key, target.api_base, target.local) == (None, f"{LISTENER}/v1", True)


def test_the_own_address_of_a_provider_needs_no_grant(workspace: Workspace) -> None:
    configuration = workspace.project(backend("openai")).trust(grants=False)
    target = resolve(configuration, "fix")
    assert (target.key_variable, str(target.origins[0])) == (
        "OPENAI_API_KEY",
        "https://api.openai.com",
    )


def test_another_variable_than_the_providers_own_needs_a_grant_even_there(
    workspace: Workspace,
) -> None:
    workspace.project(backend("openai", 'api_key = "${GITHUB_TOKEN}"')).trust(grants=False)
    error = refused(workspace)
    assert isinstance(error, GrantNeededError)
    assert "send GITHUB_TOKEN to https://api.openai.com" in error.message


def test_headers_of_a_project_need_a_grant(workspace: Workspace) -> None:
    headers = '[backends.x.headers]\nX-Team = "a"\nX-Auth = "Bearer ${GITHUB_TOKEN}"'
    workspace.project(backend("openai", headers)).trust(grants=False)
    assert isinstance(refused(workspace), GrantNeededError)
    target = resolve(workspace.trust(), "fix")
    assert target.headers["X-Team"] == "a"
    assert repr(target.headers["X-Auth"]) == "•••"
    assert "canary" not in repr(target)


def test_an_address_from_the_users_own_file_is_granted(workspace: Workspace) -> None:
    target = resolve(
        workspace.user(backend("anthropic", 'api_base = "http://gateway.example/v1"')).load(),
        "fix",
    )
    assert target.key_variable == "ANTHROPIC_API_KEY"
    assert target.local is False


def test_an_address_from_the_users_shell_is_granted(workspace: Workspace) -> None:
    workspace.environ.values_by_name["OPENAI_BASE_URL"] = "https://gateway.example/v1"
    target = resolve(workspace.load(), "fix", "openai/m")
    assert (target.key_variable, target.api_base) == (
        "OPENAI_API_KEY",
        "https://gateway.example/v1",
    )


def test_an_address_from_the_projects_env_file_is_not(workspace: Workspace) -> None:
    workspace.dotenv(f"OPENAI_BASE_URL={LISTENER}").project('model = "openai/m"')
    workspace.trust(grants=False)
    workspace.environ.looked_up.clear()
    assert isinstance(refused(workspace), GrantNeededError)
    assert workspace.environ.canaries_touched == set()
    assert resolve(workspace.trust(), "fix").key_variable == "OPENAI_API_KEY"


def test_a_literal_key_of_the_user_never_meets_an_address_of_the_project(
    workspace: Workspace,
) -> None:
    workspace.user('[backends.mine]\nprovider = "openai"\napi_key = "sk-mine"')
    workspace.dotenv(f"OPENAI_BASE_URL={LISTENER}").project('model = "mine/m"').trust()
    assert str(resolve(workspace.load(), "fix").origins[0]) == "https://api.openai.com"


@pytest.mark.parametrize("variable", ["GITHUB_TOKEN", "AWS_SECRET_ACCESS_KEY"])
def test_a_project_cannot_put_a_secret_into_an_address(workspace: Workspace, variable: str) -> None:
    workspace.project(backend("openai", f'api_base = "https://${{{variable}}}.evil.example"'))
    workspace.trust()
    workspace.environ.looked_up.clear()
    assert variable in refused(workspace).message
    assert workspace.environ.canaries_touched == set()


def test_a_region_cannot_lead_elsewhere(workspace: Workspace) -> None:
    workspace.dotenv("AWS_REGION_NAME=evil.example/#").project('model = "bedrock/m"').trust()
    assert "not the name of a region" in refused(workspace).message


@pytest.mark.parametrize(
    ("provider", "given", "step"),
    [
        ("openai", {"OPENAI_KEY": "x"}, "Did you mean OPENAI_API_KEY?"),
        ("openai", {}, "export OPENAI_API_KEY="),
        ("groq", {}, "export GROQ_API_KEY="),
        ("azure", {"AZURE_API_BASE": "https://a.openai.azure.com"}, "export AZURE_API_KEY="),
        ("azure", {}, "export AZURE_API_BASE=https://"),
        ("litellm_proxy", {}, "export LITELLM_PROXY_API_BASE=https://"),
    ],
)
def test_what_is_missing_is_named_with_the_next_step(
    tmp_path: Path, provider: str, given: dict[str, str], step: str
) -> None:
    error = refused(Workspace(tmp_path, given), f"{provider}/m")
    assert provider in error.message
    assert step in error.next_step


@pytest.mark.parametrize(
    ("given", "address"),
    [
        ({}, "https://default.example/v1"),
        ({"TEAM_BASE": ""}, "https://default.example/v1"),
        ({"TEAM_BASE": "https://team.example/v1"}, "https://team.example/v1"),
    ],
    ids=["unset", "empty", "set"],
)
def test_a_variable_and_its_default(tmp_path: Path, given: dict[str, str], address: str) -> None:
    workspace = Workspace(tmp_path, {"TEAM_KEY": "k", **given})
    base = 'api_base = "${TEAM_BASE:-https://default.example/v1}"'
    workspace.user(backend("openai", base, 'api_key = "${TEAM_KEY}"'))
    target = resolve(workspace.load(), "edit")
    assert target.api_base == address
    assert target.key is not None
    assert target.key.reveal() == "k"


def test_an_unset_variable_of_a_backend_is_named(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path).user(backend("openai", 'api_key = "${TEAM_KEY}"'))
    error = refused(workspace)
    assert (error.message, "export TEAM_KEY=" in error.next_step) == (
        "x: no key. TEAM_KEY is not set.",
        True,
    )


@pytest.mark.parametrize(
    ("given", "base"),
    [
        ("0.0.0.0", "http://127.0.0.1:11434"),  # noqa: S104
        ("0.0.0.0:1234", "http://127.0.0.1:1234"),
        (":1234", "http://127.0.0.1:1234"),
        ("[::]:1234", "http://127.0.0.1:1234"),
        ("[::1]", "http://[::1]:11434"),
        ("gpu-box", "http://gpu-box:11434"),
        ("https://ollama.com", "https://ollama.com"),
        ("http://gpu-box:8080/", "http://gpu-box:8080"),
    ],
)
def test_ollamas_own_variable_is_understood_as_ollama_does(
    workspace: Workspace, given: str, base: str
) -> None:
    workspace.environ.values_by_name["OLLAMA_HOST"] = given
    assert resolve(workspace.load(), "fix", "ollama/m").api_base == base


def test_ollamas_key_goes_to_its_vendor_alone(workspace: Workspace) -> None:
    assert resolve(workspace.load(), "fix", "ollama/m").key is None
    workspace.environ.values_by_name["OLLAMA_HOST"] = "http://gpu-box:11434"
    assert resolve(workspace.load(), "fix", "ollama/m").key is None
    workspace.environ.values_by_name["OLLAMA_HOST"] = "https://ollama.com"
    assert resolve(workspace.load(), "fix", "ollama/m").key_variable == "OLLAMA_API_KEY"


def test_local_only_refuses_every_other_machine(workspace: Workspace) -> None:
    workspace.project("local_only = true")
    assert "local_only" in refused(workspace, "openai/m").message
    assert str(workspace.file) in refused(workspace, "openai/m").message
    assert workspace.environ.canaries_touched == set()
    assert resolve(workspace.load(), "fix", "ollama/m").local is True


def test_a_project_that_is_turned_off_says_so(workspace: Workspace) -> None:
    workspace.project("enabled = false")
    assert str(workspace.file) in refused(workspace, "openai/m").message


def test_a_backend_of_an_untrusted_project_is_explained(workspace: Workspace) -> None:
    workspace.project(backend("openai"))
    assert "not trusted yet" in refused(workspace, "x/m").message
    assert f"streetrace-lsp trust {workspace.file}" in refused(workspace, "x/m").next_step
    workspace.source.store.deny(workspace.file)
    assert "--revoke" in refused(workspace, "x/m").next_step


def test_the_most_special_target_wins(workspace: Workspace) -> None:
    workspace.user(
        'model = "openai/general"\n[tasks]\nfix = "openai/task"\nexplain = "openai/task"\n'
        '[actions.explain]\nmodel = "openai/action"'
    )

    def model(task: str, wanted: str | None = None) -> str:
        return resolve(workspace.load(), task, wanted).model

    assert [model("refactor"), model("fix"), model("explain")] == ["general", "task", "action"]
    assert model("explain", "openai/wanted") == "wanted"
    workspace.environ.values_by_name["STREETRACE_MODEL"] = "openai/shell"
    assert model("explain") == "shell"
    assert model("explain", "openai/wanted") == "wanted"


def test_the_options_of_a_call(workspace: Workspace) -> None:
    workspace.user(
        '[backends.o]\nprovider = "ollama"\nmodel = "m"\nnum_ctx = 4096\n'
        'keep_alive = "5m"\nthink = false\ntemperature = 0.7\nmax_tokens = 900\n'
        'edit_format = "selection"\nextra_body = { top_k = 3 }\n'
        "[defaults]\ntemperature = 0.1\ntimeout = 50\nfirst_token_timeout = 20\nidle_timeout = 5"
    )
    workspace.project("[defaults]\nmax_tokens = 300")
    target = resolve(workspace.load(), "fix", "o")
    assert target.options == {
        "temperature": 0.7,
        "max_tokens": 300,
        "timeout_total": 50,
        "timeout_first": 20,
        "timeout_idle": 5,
        "num_ctx": 4096,
        "keep_alive": "5m",
        "think": False,
    }
    assert (target.edit_format, dict(target.extra_body)) == ("selection", {"top_k": 3})


def test_recordings_lie_inside_the_workspace(workspace: Workspace, tmp_path: Path) -> None:
    workspace.project(backend("replay", 'recordings = "tapes"')).trust()
    target = resolve(workspace.load(), "fix", "x")
    assert (target.adapter, target.recordings, target.origins, target.local) == (
        "replay",
        workspace.root / "tapes",
        (),
        True,
    )
    for outside in ("../tapes", str(tmp_path)):
        workspace.project(backend("replay", f'recordings = "{outside}"')).trust()
        assert "outside the workspace" in refused(workspace).message


def test_an_untrusted_project_is_not_served_by_whatever_is_found(workspace: Workspace) -> None:
    workspace.project(backend("openai"))
    assert isinstance(refused(workspace), UntrustedError)
    workspace.source.store.deny(workspace.file)
    error = refused(workspace)
    assert isinstance(error, UntrustedError)
    assert "--revoke" in error.next_step
    workspace.user('model = "ollama/mine"')
    assert resolve(workspace.load(), "fix").model == "mine"


def test_without_configuration_nothing_is_used_silently(workspace: Workspace) -> None:
    error = refused(workspace)
    assert isinstance(error, NotConfiguredError)
    assert error.ollama_base == "http://localhost:11434"
    assert workspace.environ.canaries_touched == set()


def test_without_configuration_the_first_coder_of_ollama_serves(workspace: Workspace) -> None:
    installed = ["nomic-embed-text:latest", "llama3.1:8b", "qwen2.5-coder:7b", "codellama"]
    chosen = choose_without_configuration(workspace.load(), "fix", installed)
    assert isinstance(chosen, Target)
    assert (chosen.provider, chosen.model) == ("ollama", "qwen2.5-coder:7b")
    assert workspace.environ.canaries_touched == set()


def test_without_ollama_a_provider_with_a_key_is_offered_once(workspace: Workspace) -> None:
    offers = []
    while isinstance(
        offer := _choice(workspace, None),
        Offer,
    ):
        offers.append(offer.provider)
        assert offer.variable in offer.message
        assert "canary" not in offer.message
        workspace.source.store.answer_offer(offer.provider, None)
    assert offers == ["openai", "anthropic", "gemini"]


def _choice(workspace: Workspace, installed: list[str] | None) -> Target | Offer | RoutingError:
    try:
        return choose_without_configuration(workspace.load(), "fix", installed)
    except RoutingError as error:
        return error


def test_an_accepted_offer_serves_from_then_on(workspace: Workspace) -> None:
    offer = _choice(workspace, [])
    assert isinstance(offer, Offer)
    workspace.source.store.answer_offer(offer.provider, offer.target)
    target = resolve(workspace.load(), "fix")
    assert f"{target.provider}/{target.model}" == offer.target


def test_local_only_gets_no_offer(workspace: Workspace) -> None:
    workspace.user("local_only = true")
    assert isinstance(_choice(workspace, None), NotConfiguredError)


def test_with_nothing_at_all_the_message_says_how_to_start(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    for installed in (None, ["nomic-embed-text"]):
        error = _choice(workspace, installed)
        assert isinstance(error, RoutingError)
        assert "ollama pull qwen2.5-coder" in error.next_step


def test_of_several_variables_only_a_granted_one_is_looked_up(workspace: Workspace) -> None:
    workspace.environ.values_by_name["GOOGLE_API_KEY"] = "second"
    workspace.project(backend("gemini", f'api_base = "{LISTENER}"')).trust(grants=False)
    workspace.source.store.grant([parse_grant(f"{LISTENER}=GOOGLE_API_KEY")])
    project = workspace.load().project
    assert project is not None
    assert project.question is None
    target = resolve(workspace.load(), "fix")
    assert target.key_variable == "GOOGLE_API_KEY"
    assert workspace.environ.canaries_touched == set()


def test_long_lived_keys_of_a_cloud_never_go_to_an_address_of_the_project(
    workspace: Workspace,
) -> None:
    workspace.environ.values_by_name["AWS_ACCESS_KEY_ID"] = "id"
    assert set(resolve(workspace.load(), "fix", "bedrock/m").credentials) == {
        "aws_access_key_id",
        "aws_secret_access_key",
    }
    workspace.project(backend("bedrock", f'api_base = "{LISTENER}"')).trust()
    workspace.environ.looked_up.clear()
    assert resolve(workspace.load(), "fix").credentials == {}
    assert workspace.environ.canaries_touched == set()
