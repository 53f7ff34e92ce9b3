"""Mistakes in a configuration file: the exact place, and what to write instead."""

from pathlib import Path

import pytest

from configured_project import Workspace, marked, status_of

BACKEND = '[backends.b]\nprovider = "openai"\n'
ACTION = "[actions.mine]\n"


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace(tmp_path)


@pytest.mark.parametrize(
    ("text", "code", "place", "suggestion"),
    [
        # A typo in a key.
        ('modle = "x"', "unknown-key", "modle", "Did you mean model?"),
        ("[defaults]\ntemprature = 1", "unknown-key", "temprature", "Did you mean temperature?"),
        ("[default]\ntimeout = 1", "unknown-key", "default", "Did you mean defaults?"),
        ("[backend.b]\nx = 1", "unknown-key", "backend", "[backends.NAME]?"),
        # The spellings of other tools.
        (BACKEND + 'base_url = "http://x"', "unknown-key", "base_url", "Did you mean api_base?"),
        (BACKEND + 'endpoint = "http://x"', "unknown-key", "endpoint", "Did you mean api_base?"),
        (
            BACKEND + 'api_base_url = "http://x"',
            "unknown-key",
            "api_base_url",
            "Did you mean api_base?",
        ),
        ("temperature = 0.5", "unknown-key", "temperature", "Did you mean temperature under"),
        ('[ollama]\nx = "y"', "unknown-key", "ollama", "Did you mean [backends.ollama]?"),
        # An unknown key that resembles nothing.
        (BACKEND + "zzz = 1", "unknown-key", "zzz", "Known here: provider, api_base"),
        (
            '[backends."b"]\nprovider = "openai"\nheaders = {a = "b"}\n"weird é" = 1',
            "unknown-key",
            '"weird é"',
            "Known here",
        ),
        # A wrong type.
        ('enabled = "false"', "wrong-type", '"false"', "Write false without quotes."),
        ("model = 5", "wrong-type", "5", 'Write "5".'),
        ('[defaults]\nmax_tokens = "100"', "wrong-type", '"100"', "Write 100 without quotes."),
        ("[defaults]\nmax_tokens = 1.5", "wrong-type", "1.5", "Write 2."),
        ("defaults = 3", "wrong-type", "3", "Write a table."),
        (
            '[actions.a]\nprompt = "p"\nlanguages = "python"',
            "wrong-type",
            '"python"',
            "Put it in brackets",
        ),
        # A value that is not possible.
        ("[defaults]\ntemperature = 3", "wrong-value", "3", "Write a number that is at most 2."),
        ("[defaults]\nmax_tokens = 0", "wrong-value", "0", "Write a number that is at least 1."),
        (BACKEND + 'think = "yes"', "wrong-value", '"yes"', 'Write true, false, "low"'),
        (BACKEND + "think = 3", "wrong-value", "3", 'Write true, false, "low"'),
        (BACKEND + "model = ''", "wrong-value", "''", "Write a text, or remove the line."),
        ('[actions.a]\nprompt = "p"\nkind = "edti"', "wrong-value", '"edti"', "Did you mean"),
        (BACKEND + "extra_body = {stream = false}", "refused-field", "stream", "Remove it."),
        (BACKEND + '[backends.b.headers]\nHost = "x"', "wrong-value", "headers", "Change or"),
        ('requires = "soon"', "wrong-value", '"soon"', "Change or remove"),
        ('[backends.b]\nmodel = "m"', "missing-key", "b", 'Write provider = "…"'),
        ('[backends."a b"]\nprovider = "openai"', "wrong-name", '"a b"', "letters, digits"),
        # What means nothing.
        (
            '[backends.b]\nprovider = "opnai"',
            "unknown-provider",
            '"opnai"',
            'Did you mean "openai"',
        ),
        ('[backends.b]\nprovider = "huggingface"', "unknown-provider", '"huggingface"', "openai"),
        ('model = "mystery-9"', "unclear-target", '"mystery-9"', "Write PROVIDER/mystery-9"),
        ('model = "nowhere/m"', "unclear-target", '"nowhere/m"', "Declare it"),
        ('[tasks]\nexplian = "openai/m"', "unknown-task", "explian", "Did you mean explain?"),
        (BACKEND + 'api_key = "${KEY"', "literal-key", '"${KEY"', '"${KEY}"'),
        (BACKEND + 'api_base = "${BASE"', "broken-variable", '"${BASE"', "${VARIABLE}"),
        (BACKEND + "num_ctx = 4096", "no-effect", "num_ctx", "extra_body"),
        ('[prices."x"]\ninput = 1', "missing-key", '"x"', "Write output = 15.0"),
        # An address that can't be used.
        (BACKEND + 'api_base = "localhost:8080"', "bad-address", '"localhost:8080"', "http://"),
        (BACKEND + 'api_base = "ftp://x"', "bad-address", '"ftp://x"', "https://"),
        (BACKEND + 'endpoints = ["gpu"]', "bad-address", '"gpu"', "https://"),
        (BACKEND + 'api_base = "http://u:pw@h/v1"', "bad-address", '"http://u:pw@h/v1"', "Write"),
        ('[backends.b]\nprovider = "azure"\nmodel = "m"', "bad-address", "b", "AZURE_API_BASE"),
        (
            'local_only = true\nmodel = "anthropic/claude-sonnet-4-5"',
            "not-local",
            '"anthropic/claude-sonnet-4-5"',
            "on this machine",
        ),
        (
            'local_only = true\n[pools]\np = ["ollama/x", "groq/y"]',
            "not-local",
            '"groq/y"',
            "on this machine",
        ),
        (BACKEND + 'headers = { X = "${A B}" }', "broken-variable", '"${A B}"', "${VARIABLE}"),
        # What a project may not say.
        (BACKEND + 'api_key = "sk-123"', "literal-key", '"sk-123"', '"${OPENAI_API_KEY}"'),
        (
            BACKEND + 'api_base = "http://x"\napi_key = "sk-123"',
            "literal-key",
            '"sk-123"',
            '"${B_API_KEY}"',
        ),
        (BACKEND + 'api_key = "${K:-sk-1}"', "literal-key", '"${K:-sk-1}"', '"${OPENAI_API_KEY}"'),
        (
            BACKEND + 'api_key = "os.environ/MY_KEY"',
            "literal-key",
            '"os.environ/MY_KEY"',
            '"${MY_KEY}"',
        ),
        (
            BACKEND + '[backends.b.headers]\nAuthorization = "Bearer sk-123"',
            "literal-key",
            '"Bearer sk-123"',
            '"${OPENAI_API_KEY}"',
        ),
        ("trust = true", "user-only", "trust", "Remove it"),
        ("auto_apply = true", "user-only", "auto_apply", "Remove it"),
        ("auto_apply = true", "user-only", "auto_apply", "no file of Streetrace has such a key"),
        ('[network]\nproxy = "http://x"', "user-only", "network", "in their own configuration"),
        ('[network]\nproxy = "http://x"', "user-only", "network", "Remove it"),
        (BACKEND + 'launch = ["x"]', "user-only", "launch", "Remove it"),
        ('requires = ">=99"', "requires", '">=99"', "Update"),
        # An action that can't work, or says something to no effect.
        ("[actions.mine]\ntitle = 'M'", "missing-key", "mine", 'Write prompt = "…"'),
        (ACTION + 'prompt = "Do {selction}."', "unknown-placeholder", "{selction}", "{selection}?"),
        (ACTION + 'prompt = "Do {File}."', "unknown-placeholder", "{File}", "Did you mean {file}?"),
        (ACTION + 'prompt = "Hi {name}."', "unknown-placeholder", "{name}", "write {{name}}"),
        (
            ACTION + 'prompt = "${file}"',
            "unknown-placeholder",
            "${file}",
            "Write {file}, without $",
        ),
        (
            ACTION + 'prompt = """\né 😀 {file}\n{langage}"""',
            "unknown-placeholder",
            "{langage}",
            "Did you mean {language}?",
        ),
        (ACTION + 'prompt = "p"\noutput = "message"', "no-effect", "output", 'kind = "answer"'),
        (
            '[actions.ask]\nedit_format = "selection"',
            "no-effect",
            "edit_format",
            'write kind = "edit"',
        ),
        (ACTION + 'prompt = "p"\ncontext = "all"', "wrong-value", '"all"', 'Write "file"'),
        (ACTION + 'prompt = "p"\noutput = "clipboard"', "wrong-value", '"clipboard"', "document"),
        (ACTION + "prompt = 3", "wrong-type", "3", 'Write "3"'),
        (ACTION + "prompt_file = true", "wrong-type", "true", 'Write "true"'),
    ],
)
def test_a_mistake_is_shown_at_its_place_with_what_to_write(
    workspace: Workspace, text: str, code: str, place: str, suggestion: str
) -> None:
    found = [p for p in workspace.project(text).load().problems if p.code == code]
    assert [marked(problem) for problem in found] == [place]
    assert suggestion in found[0].suggestion


@pytest.mark.parametrize(
    ("text", "place", "suggestion"),
    [
        ("model = gpt-4o", "gpt-4o", 'Put text in quotes: "gpt-4o".'),
        ("model = gpt-4o # mine\n", "gpt-4o", 'Put text in quotes: "gpt-4o".'),
        ("model =\n[tasks]\n", "model =", 'Write a value after the "=".'),
        ("model: x", ":", 'Write "=" instead of ":".'),
        ('model = "x\n', '"x', "Close the text with a quote"),
        ("model = 'x\n[tasks]\nfix = 'y'\n", "'x", "Close the text with a quote"),
        ("model = 'x\n[defaults]\ntimeout = 9\n", "'x", "Close the text with a quote"),
        ("enabled = False", "False", "Write false in lower case."),
        ("model = null", "null", "Leave the line out"),
        ("[backends.b\nx = 1", "[backends.b", 'Close the name of the table with "]".'),
        ('confirm = true\nmodel = "x"\nmodel = "y"\n', 'model = "y"', "remove one of the two"),
        ("[tasks]\n[defaults]\n[tasks]\n", "[tasks]", "put their keys together"),
        ("model", "model", 'Write "=" and a value'),
        ("# é 😀\r\n\r\nmodel = gpt-4o\r\n[tasks]\r\n", "gpt-4o", "Put text in quotes"),
        ("\ufeffmodel = gpt-4o\n", "gpt-4o", "Put text in quotes"),
    ],
)
def test_a_syntax_error_is_shown_at_its_place_with_what_to_write(
    workspace: Workspace, text: str, place: str, suggestion: str
) -> None:
    (problem,) = workspace.project(text).load().problems
    assert problem.code == "syntax"
    assert marked(problem) == place
    assert suggestion in problem.suggestion


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('model = "x\n', "This is not TOML: a text is not closed on its line."),
        ("model = 'x\n", "This is not TOML: a text is not closed on its line."),
        ("[backends.x.models]\n" * 2, "This is not TOML: [backends.x.models] stands here twice."),
    ],
)
def test_a_syntax_error_is_said_in_words(workspace: Workspace, text: str, words: str) -> None:
    (problem,) = workspace.project(text).load().problems
    assert problem.message == words


def test_what_is_sent_as_it_stands_is_no_error(workspace: Workspace) -> None:
    workspace.project(ACTION + 'title = "Review {language}"\nprompt = "Do {selcton}."')
    found = [(p.severity, marked(p)) for p in workspace.load().problems]
    assert found == [("warning", "{language}"), ("warning", "{selcton}")]


@pytest.mark.parametrize(
    ("model", "near"),
    [
        ("cluade-sonnet-4-5", "claude-sonnet-4-5"),
        ("gpt4", "gpt-4"),
        ("gemni-2.5-pro", "gemini-2.5-pro"),
    ],
)
def test_a_slip_in_a_well_known_name_leads_to_that_name(
    workspace: Workspace, model: str, near: str
) -> None:
    (problem,) = workspace.project(f'model = "{model}"').load().problems
    assert problem.suggestion == f"Did you mean {near}?"
    assert next(mend.text for mend in problem.mends) == f'"{near}"'


@pytest.mark.parametrize("model", ["llama3", "codellama", "mystery-9", "qwen2.5-coder", "gpu"])
def test_a_name_of_its_own_is_not_taken_for_a_slip(workspace: Workspace, model: str) -> None:
    (problem,) = workspace.project(f'model = "{model}"').load().problems
    assert problem.suggestion == f"Write PROVIDER/{model}, for example ollama/{model}."


def test_bytes_that_are_no_text_are_a_problem_at_their_place(workspace: Workspace) -> None:
    workspace.file.write_bytes(b'model = "\xc3\xa9"\n# \xff\n')
    (problem,) = workspace.load().problems
    assert (problem.code, problem.start) == ("syntax", 14)


@pytest.mark.parametrize(
    "data",
    [b"[" * 100_000, b"a" * 2_000_000, b"\x00", b"a.b.c = 1\n" * 3, b"x = [" + b"[" * 50_000],
    ids=["deep", "large", "null", "twice", "nested"],
)
def test_a_hostile_file_gives_a_problem_and_nothing_else(workspace: Workspace, data: bytes) -> None:
    workspace.file.write_bytes(data)
    configuration = workspace.load()
    assert configuration.problems
    assert configuration.settings.model is None


def test_a_message_never_quotes_a_literal_key(workspace: Workspace) -> None:
    workspace.project(BACKEND + 'api_key = "sk-canary"\n[backends.b.headers]\nX-Api-Key = "canary"')
    configuration = workspace.load()
    assert len(configuration.problems) == 2
    assert "canary" not in repr(configuration.problems)
    assert configuration.project is not None
    assert "canary" not in repr(configuration.project.question)


def test_the_last_form_that_could_be_used_stays(workspace: Workspace) -> None:
    workspace.project('model = "openai/first"').trust()
    for broken in ("model = \n", "model = 5\n", "[defaults]\ntemperature = 'hot'\n"):
        configuration = workspace.project(broken).load()
        assert configuration.settings.model == "openai/first"
        assert configuration.problems
        assert configuration.fault is None
    configuration = workspace.project('model = "openai/first" # again').load()
    assert (configuration.settings.model, configuration.problems) == ("openai/first", ())


def test_a_file_that_was_never_whole_stops_every_action(workspace: Workspace) -> None:
    workspace.user('model = "openai/mine"').project("local_only = yes\n")
    configuration = workspace.load()
    assert configuration.fault is not None
    assert "line 1" in configuration.fault.message
    assert str(workspace.file) in configuration.fault.message


@pytest.mark.parametrize("key", ["local_onyl = true", "localonly = true", 'enabled = "no"'])
def test_a_typo_in_what_narrows_never_widens(workspace: Workspace, key: str) -> None:
    workspace.user('model = "openai/mine"').project(key)
    assert workspace.load().fault is not None


def test_an_unknown_key_leaves_the_rest_in_effect(workspace: Workspace) -> None:
    configuration = workspace.project('modle = "x"\nmodel = "openai/m"').trust()
    assert configuration.settings.model == "openai/m"
    assert [problem.code for problem in configuration.problems] == ["unknown-key"]


def test_an_older_program_says_what_the_file_asks_for(workspace: Workspace) -> None:
    workspace.project('requires = ">=99"\nsomething_new = 1')
    fault = workspace.load().fault
    assert fault is not None
    assert ">=99" in fault.message
    assert "Update" in fault.next_step


@pytest.mark.parametrize(
    "newer",
    [
        '[actions.a]\nprompt = "p"\ncontext = "galaxy"',
        "[budget]\nhour = 3",
        "[[actions]]\nname = 'a'",
    ],
)
def test_what_only_a_newer_program_understands_does_not_hide_what_the_file_asks_for(
    workspace: Workspace, newer: str
) -> None:
    configuration = workspace.project(f'requires = ">=99"\n{newer}').load()
    assert [problem.code for problem in configuration.problems] == ["requires"]
    assert configuration.fault is not None
    assert "This file asks for Streetrace >=99; this one is" in configuration.fault.sentence
    assert "Update streetrace-lsp." in configuration.fault.sentence


@pytest.mark.parametrize(
    "prompt",
    [
        "Use { a: 1 } and {'b': {}} and {0} and {}.",
        "Write `${name}`, #{name}, %{name}, @{name} and Point{x}.",
        "\\begin{document}",
        "{{name}} {{ user.name }} {{{selection}}}",
        "{selection} {language} {file} {diagnostics} {instruction}",
    ],
)
def test_braces_of_code_are_no_mistake(workspace: Workspace, prompt: str) -> None:
    table = f'{ACTION}prompt = """{prompt}"""\n'.replace("\\", "\\\\")
    assert workspace.project(table).load().problems == ()


def test_a_key_in_a_readable_user_file_is_not_used(workspace: Workspace) -> None:
    text = BACKEND + 'api_key = "sk-123"'
    assert workspace.user(text).load().problems == ()
    (problem,) = workspace.user(text, mode=0o644).load().problems
    assert (problem.code, marked(problem)) == ("readable-key", '"sk-123"')
    assert workspace.load().settings.backends["b"].api_key is None


def test_an_unset_variable_is_reported_once_the_project_is_trusted(workspace: Workspace) -> None:
    workspace.environ.values_by_name["OPENAI_KEY"] = "x"
    workspace.project(BACKEND + 'api_key = "${OPENAI_API_KEY}"')
    assert workspace.load().problems == ()
    (problem,) = workspace.trust().problems
    assert (problem.code, marked(problem)) == ("unset-variable", '"${OPENAI_API_KEY}"')
    assert "Did you mean OPENAI_API_KEY?" in problem.suggestion


def test_an_unset_variable_of_a_header_is_reported(workspace: Workspace) -> None:
    workspace.project(BACKEND + 'headers = { X = "${NOPE_VAR}" }')
    problems = workspace.trust().problems
    assert [(p.code, marked(p)) for p in problems] == [("unset-variable", '"${NOPE_VAR}"')]


def test_an_address_is_nothing_to_store_with_the_keys(workspace: Workspace) -> None:
    workspace.user(BACKEND + 'api_base = "${TEAM_BASE_URL}"\nheaders = { X = "${AZURE_API_BASE}" }')
    for problem in workspace.load().problems:
        assert "export" in problem.suggestion
        assert "key set" not in problem.suggestion


def test_what_stays_on_this_machine_is_not_kept_from_it(workspace: Workspace) -> None:
    workspace.environ.values_by_name["ANTHROPIC_BASE_URL"] = "http://localhost:4000"
    workspace.project('local_only = true\nmodel = "anthropic/x"\nfallbacks = ["ollama/y"]')
    assert workspace.load().problems == ()


def test_an_address_in_the_shell_is_one(workspace: Workspace) -> None:
    workspace.environ.values_by_name["AZURE_API_BASE"] = "https://a.example"
    workspace.project('[backends.b]\nprovider = "azure"\nmodel = "m"')
    assert workspace.load().problems == ()


def test_the_status_of_a_broken_file_is_never_trusted(workspace: Workspace) -> None:
    assert status_of(workspace.project("model =").load()) == "restricted"


def test_the_fatal_mistake_is_named_and_not_the_first_one(workspace: Workspace) -> None:
    text = 'modle = "x"\ntrust = true\nmodel = "openai/m"\n[defaults]\ntemperature = 3\n'
    fault = workspace.project(text).load().fault
    assert fault is not None
    assert "line 5: defaults.temperature is 3: the number must be at most 2." in fault.sentence


def test_one_look_shows_everything_that_is_wrong(workspace: Workspace) -> None:
    text = (
        'model = "nowhere/m"\n[tasks]\nfix = ["ours/edit", "half/x", "broken"]\n'
        "[defaults]\ntemperature = 3\n"
        '[backends.typo]\nprovider = "opnai"\n'
        '[backends.ours]\nprovider = "openai"\nmodels = { edit = "m" }\ntimeout = true\n'
        '[backends.half]\nprovider = "openai"\nmodel = 5\n'
        "[backends.broken]\nprovider = 5\n"
    )
    codes = [(problem.code, marked(problem)) for problem in workspace.project(text).load().problems]
    assert sorted(codes) == sorted(
        [
            ("unclear-target", '"nowhere/m"'),
            ("wrong-value", "3"),
            ("unknown-provider", '"opnai"'),
            ("unknown-key", "timeout"),
            ("wrong-type", "5"),
            ("wrong-type", "5"),
        ]
    )


def test_a_syntax_error_hides_nothing_else(workspace: Workspace) -> None:
    text = (
        "modle = 'x'\nmodel = gpt-4o\n[defaults]\ntemperature = 3\n"
        "[backends.lost\nzebra = 1\n[backends.b]\nprovider = openai\nthink = 3\n"
        "[tasks]\nfix = 5\n"
    )
    found = [(p.code, marked(p)) for p in workspace.project(text).load().problems]
    assert found == [
        ("unknown-key", "modle"),
        ("syntax", "gpt-4o"),
        ("wrong-value", "3"),
        ("syntax", "[backends.lost"),
        ("syntax", "openai"),
        ("wrong-value", "3"),
        ("wrong-type", "5"),
    ]


def test_a_text_that_is_no_configuration_is_one_problem(workspace: Workspace) -> None:
    (problem,) = workspace.project("This is\nno configuration\n" * 20).load().problems
    assert problem.code == "syntax"


def test_a_wrong_kind_does_not_hide_a_wrong_placeholder(workspace: Workspace) -> None:
    workspace.project(ACTION + 'kind = "edti"\nprompt = "Do {selcton}."')
    codes = {problem.code for problem in workspace.load().problems}
    assert codes == {"wrong-value", "unknown-placeholder"}
