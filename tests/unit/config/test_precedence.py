"""Who wins: the switch, the environment, the project, the editor, the user; and the strictest."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from configured_project import Workspace, question_of, status_of
from streetrace_lsp.config.configuration import Configuration
from streetrace_lsp.config.editor_settings import editor_settings
from streetrace_lsp.config.limit_names import LimitName, limit_names
from streetrace_lsp.config.switch import SwitchError, SwitchStore


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace(tmp_path)


def load(workspace: Workspace, switched: str | None = None, **editor: object) -> Configuration:
    document = workspace.root / "code.py"
    return workspace.source.load(document, workspace.root, switched=switched, editor=editor)


def test_the_model_by_precedence(workspace: Workspace) -> None:
    workspace.user('model = "openai/user"')
    found = [load(workspace)]
    found.append(load(workspace, user={"model": "openai/editor"}))
    workspace.project('model = "openai/project"').trust()
    found.append(load(workspace, model="openai/editor", user={"model": "openai/editor"}))
    workspace.environ.values_by_name["STREETRACE_MODEL"] = "openai/environment"
    found.append(load(workspace, model="openai/editor"))
    found.append(load(workspace, "openai/switch", model="openai/editor"))
    expected = ["user", "editor", "project", "environment", "switch"]
    assert [c.settings.model for c in found] == [f"openai/{name}" for name in expected]
    assert [c.sources["model"] for c in found] == expected
    assert [c.chosen_model for c in found] == [False, False, False, True, True]


def test_a_workspaces_own_model_needs_a_trusted_project(workspace: Workspace) -> None:
    workspace.user('model = "openai/user"')
    assert load(workspace, model="openai/planted").settings.model == "openai/user"
    workspace.project('[actions.a]\nprompt = "p"')
    assert load(workspace, model="openai/planted").settings.model == "openai/user"
    workspace.trust()
    found = load(workspace, model="openai/workspace", user={"model": "openai/mine"})
    assert (found.settings.model, found.sources["model"]) == ("openai/workspace", "editor")


def test_an_editors_limits_only_narrow(workspace: Workspace) -> None:
    workspace.user("[defaults]\nmax_tokens = 100\ntimeout = 50\ntemperature = 0.1")
    defaults = load(workspace, maxTokens=900, timeout=20, temperature=0.7).settings.defaults
    assert (defaults.max_tokens, defaults.timeout, defaults.temperature) == (100, 20, 0.7)
    defaults = load(workspace, user={"max_tokens": 900, "timeout": 30}).settings.defaults
    assert (defaults.max_tokens, defaults.timeout) == (100, 30)


@pytest.mark.parametrize(
    "given",
    [
        {"backends": {"x": {"api_base": "http://x"}}, "apiBase": "http://x", "trust": True},
        {"temperature": 9, "max_tokens": 1.5, "timeout": float("nan"), "idle_timeout": True},
        {"model": ["x"], "user": {"network": {"proxy": "http://x"}}},
    ],
)
def test_nothing_else_is_taken_from_an_editor(given: dict[str, object]) -> None:
    found = editor_settings(given)
    assert (found.model, found.numbers, found.user_model, found.user_numbers) == (
        None,
        {},
        None,
        {},
    )
    assert found.ignored


def test_a_projects_fallbacks_go_with_its_model(workspace: Workspace) -> None:
    workspace.user('model = "openai/a"\nfallbacks = ["groq/b"]\n[pools]\np = ["openai/a"]')
    assert load(workspace).settings.fallbacks == ["groq/b"]
    workspace.project('model = "openai/c"\n[pools]\nq = ["openai/d"]').trust()
    found = load(workspace)
    assert found.settings.fallbacks is None
    assert found.settings.pools == {"p": ["openai/a"], "q": ["openai/d"]}
    assert [found.sources[f"pools.{name}"] for name in "pq"] == ["user", "project"]
    workspace.project('fallbacks = ["openai/e"]').trust()
    found = load(workspace)
    assert (found.settings.model, found.settings.fallbacks) == ("openai/a", ["openai/e"])


def test_a_projects_budget_narrows_before_and_after_trust(workspace: Workspace) -> None:
    workspace.user('[budget]\nday = 5\nproject_day = 3\nproject_month = 10\nunknown_price = "ask"')
    workspace.project('[budget]\nday = 2\nmonth = 40\nunknown_price = "refuse"')
    found = workspace.load()
    assert status_of(found) == "none_needed"
    budget = found.settings.budget
    assert (budget.day, budget.month) == (5, None)
    assert (budget.project_day, budget.project_month) == (2, 10)
    assert budget.unknown_price == "refuse"
    assert found.sources["budget.project_day"] == "project"
    assert found.sources["budget.project_month"] == "user"
    workspace.project('model = "openai/m"\n[budget]\nproject_day = 1\nday = 2').trust()
    assert workspace.load().settings.budget.project_day == 1


def test_a_project_never_raises_a_budget(workspace: Workspace) -> None:
    workspace.user('[budget]\nproject_day = 1\nunknown_price = "refuse"')
    workspace.project('model = "openai/m"\n[budget]\nday = 900\nunknown_price = "ask"').trust()
    found = workspace.load().settings.budget
    assert (found.day, found.project_day, found.unknown_price) == (None, 1, "refuse")


@pytest.mark.parametrize("text", ["[budget]\ndya = 1", "budgte = 1", "[budget]\nday = '1'"])
def test_a_typo_in_a_budget_stops_every_action(workspace: Workspace, text: str) -> None:
    workspace.user('model = "openai/mine"').project(text)
    assert workspace.load().fault is not None


def test_a_projects_price_never_lowers_the_users(workspace: Workspace) -> None:
    workspace.user('[prices."gpt-4"]\ninput = 30\noutput = 60')
    workspace.project(
        "[prices]\n"
        '"gpt-4" = { input = 0, output = 90 }\n'
        '"openai/GPT-4" = { input = 0, output = 0 }\n'
        '"other" = { input = 1, output = 2 }'
    ).trust()
    prices = workspace.load().settings.prices
    assert {name: (price.input, price.output) for name, price in prices.items()} == {
        "gpt-4": (30, 90),
        "openai/GPT-4": (30, 60),
        "other": (1, 2),
    }
    assert workspace.load().sources["prices.other"] == "project"


def test_tables_are_merged_key_by_key(workspace: Workspace) -> None:
    workspace.user("[cache]\nttl = 60\n[model_selector]\nenabled = false\nweights = { speed = 1 }")
    workspace.project('[context]\noverflow = "refuse"\n[model_selector.weights]\ncost = 99').trust()
    found = workspace.load()
    settings = found.settings
    assert (settings.cache.ttl, settings.context.overflow) == (60, "refuse")
    assert settings.model_selector.enabled is False
    weights = settings.model_selector.weights
    assert (weights.speed, weights.cost, weights.quality) == (1, 99, 15)
    assert found.sources["model_selector.weights.cost"] == "project"
    assert found.sources["cache.ttl"] == "user"


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ('[network]\nproxy = "http://evil:1"', "network"),
        ("[model_host]\nmemory = 999999", "model_host"),
        *(
            (f'[backends.b]\nprovider = "hosted_vllm"\n{key} = {value}', key)
            for key, value in {
                "launch": '["touch", "/tmp/x"]',
                "launch_timeout": "5",
                "model_path": '"/etc/passwd"',
                "tokenizer_path": '"/etc/passwd"',
                "gpu_memory_utilization": "0.5",
                "profile": '"work"',
                "credentials_file": '"/home/me/key.json"',
            }.items()
        ),
    ],
)
def test_what_is_the_users_alone_is_ignored_in_a_project(
    workspace: Workspace, text: str, key: str
) -> None:
    found = workspace.project(text).trust()
    assert [p.code for p in found.problems if p.code == "user-only"] == ["user-only"]
    assert key in next(p.message for p in found.problems if p.code == "user-only")
    settings = found.settings
    assert (settings.network.proxy, settings.model_host.memory) == (None, None)
    assert all(getattr(backend, key) is None for backend in settings.backends.values())
    # In the user's own file the same is right.
    workspace.file.unlink()
    assert "user-only" not in [p.code for p in workspace.user(text).load().problems]


def test_the_question_shows_chains_pools_and_searching(workspace: Workspace) -> None:
    workspace.user('[backends.mine]\nprovider = "groq"\nmodels = { a = "1", b = "2" }')
    workspace.project(
        'model = "p"\nfallbacks = ["mine", "groq/b"]\n[pools]\np = ["openai/a", "openai/b"]\n'
        '[tasks]\nfix = ["openai/f", "groq/g"]\n[defaults]\nembedding_backend = "mine"\n'
        '[actions.review]\nprompt = "r"\nmodel = "openai/r"\nfallbacks = ["groq/s"]'
    )
    message = question_of(workspace.load()).message
    for said in (
        "then mine, then groq/b",
        "pool p = openai/a, openai/b",
        "fix = openai/f, then groq/g",
        "searching with mine",
        "review with openai/r, then groq/s: r",
        "mine: Groq at https://api.groq.com/openai/v1, which gets GROQ_API_KEY",
    ):
        assert said in message


def test_a_switch_is_remembered_for_each_project(workspace: Workspace, tmp_path: Path) -> None:
    store, other = SwitchStore(workspace.state_dir), SwitchStore(workspace.state_dir)
    assert store.target(workspace.root) is None
    other.remember(workspace.root, "claude/edit")
    other.remember(None, "ollama/x")
    (tmp_path / "link").symlink_to(workspace.root)
    assert store.target(tmp_path / "link") == "claude/edit"
    assert (store.target(None), store.target(tmp_path)) == ("ollama/x", None)
    assert store.path.stat().st_mode & 0o777 == 0o600
    store.remember(workspace.root, None)
    assert other.target(workspace.root) is None
    assert list(json.loads(store.path.read_text())["targets"]) == ["none"]


@pytest.mark.parametrize("content", ["", "{", "[]", '{"version": 1, "targets": 5}', "[" * 99_999])
def test_a_damaged_memory_remembers_nothing_and_is_replaced(
    workspace: Workspace, content: str
) -> None:
    workspace.state_dir.mkdir()
    store = SwitchStore(workspace.state_dir)
    store.path.write_text(content)
    assert store.target(None) is None
    store.remember(None, "ollama/x")
    assert SwitchStore(workspace.state_dir).target(None) == "ollama/x"


def test_a_memory_that_others_may_write_is_not_used(workspace: Workspace) -> None:
    store = SwitchStore(workspace.state_dir)
    store.remember(None, "ollama/x")
    store.path.chmod(0o666)
    assert SwitchStore(workspace.state_dir).target(None) is None


def test_a_memory_that_cannot_be_written_says_so(workspace: Workspace) -> None:
    workspace.state_dir.write_text("a file, no folder")
    with pytest.raises(SwitchError) as error:
        SwitchStore(workspace.state_dir).remember(None, "ollama/x")
    assert "STREETRACE_STATE_DIR" in error.value.next_step


def test_processes_that_switch_at_once_lose_nothing(tmp_path: Path) -> None:
    program = (
        "import sys; from pathlib import Path; "
        "from streetrace_lsp.config.switch import SwitchStore; "
        "[SwitchStore(Path(sys.argv[1])).remember(Path(f'/p{sys.argv[2]}-{n}'), 'a/b') "
        "for n in range(20)]"
    )
    running = [
        subprocess.Popen([sys.executable, "-c", program, str(tmp_path), str(number)])
        for number in range(3)
    ]
    assert [process.wait() for process in running] == [0, 0, 0]
    assert len(json.loads((tmp_path / "switches.json").read_text())["targets"]) == 60
    names = sorted(path.name for path in tmp_path.iterdir())
    assert names == ["switches.json", "switches.json.lock"]


def test_a_limit_is_named_as_it_is_written(workspace: Workspace) -> None:
    workspace.user("[budget]\nday = 5\nproject_month = 10").project(
        "[budget]\nday = 2\nproject_month = 20"
    )
    own, project = workspace.user_dir / "config.toml", workspace.file
    assert limit_names(workspace.load()) == {
        "day": LimitName("day", own),
        "project_day": LimitName("day", project),
        "project_month": LimitName("project_month", own),
    }
    workspace.project("[budget]\nday = 3\nproject_day = 2")
    assert limit_names(workspace.load())["project_day"] == LimitName("project_day", project)
