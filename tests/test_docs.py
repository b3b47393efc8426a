"""Claims about README, tutorial and project files: examples run as they stand, links lead somewhere, nothing is private."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest
from docs.make import examples, twins

from ketensim.foundation.parameters import LEVER_NAMES, POLICIES
from ketensim.texts import catalogue

ROOT = Path(__file__).resolve().parent.parent
DOCUMENTS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
PACKAGE = ROOT / "src" / "ketensim"
LARGEST_PICTURE = 300_000  # bytes
LINK = re.compile(r"!?\[[^\]]*\]\((?P<target>[^)\s]+)\)")
CODE = re.compile(r"^```.*?^```$|`[^`\n]*`", re.MULTILINE | re.DOTALL)
COMMAND = re.compile(r"`(?:uv run )?ketensim (?P<name>\w+)[^`\n]*`")
HOSTS = ("py" + "pi.org", "python" + "hosted.org", "registry." + "npmjs", "conda." + "anaconda", "-index" + "-url")
HOMES = re.compile(r"(?<![\w.~/])/(?:" + "|".join(("root", "work", "home", "Users")) + r")/\w")
WINDOWS = re.compile(r"\b[A-Z]:\\Users\\")


def text_of(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def files_in_git() -> list[Path]:
    """Files that are in git, or would be with the next commit."""
    words = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    try:
        listed = subprocess.run(words, cwd=ROOT, capture_output=True, check=True).stdout.decode()
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("not a git repository")
    return [path for name in listed.split("\0") if name and (path := ROOT / name).is_file()]


def anchor(heading: str) -> str:
    """The name that a heading gets, as on GitHub."""
    words = re.sub(r"[^\w\- ]", "", re.sub(r"[`*]", "", heading).strip().lower())
    return words.replace(" ", "-")


def anchors(path: Path) -> set[str]:
    bare = re.sub(r"^```.*?^```$", "", text_of(path), flags=re.MULTILINE | re.DOTALL)
    return {anchor(heading) for heading in re.findall(r"^#+ (.*)$", bare, re.MULTILINE)}


# --- examples ------------------------------------------------------------------------------------------------------
@pytest.mark.jit
@pytest.mark.long
@pytest.mark.parametrize("page", [*examples.PAGES, *twins.to_run()])
def test_every_example_runs_as_it_stands_and_says_what_the_page_shows(page: str, tmp_path: Path) -> None:
    for shown in examples.carry_out(text_of(ROOT / page), tmp_path, examples.language_of(page)):
        where = f"{page}, line {shown.block.line}; refresh with: uv run python -m docs.make examples"
        assert shown.block.body == shown.fresh, where


@pytest.mark.parametrize("page", twins.TWINS)
def test_a_page_of_steps_has_the_same_ones_and_their_outputs_in_dutch(page: str) -> None:
    english, dutch = text_of(ROOT / page), text_of(ROOT / twins.TWINS[page])
    steps = twins.steps(dutch)
    assert steps == twins.steps(english)[: len(steps)]
    assert len(steps) == len(twins.steps(english)) or "howto" not in page
    assert dutch == twins.with_outputs(dutch, english), "refresh with: uv run python -m docs.make examples"


@pytest.mark.parametrize("folder", ["en", "nl"])
def test_every_how_to_page_has_a_twin_and_stands_in_the_index(folder: str) -> None:
    pages = {name_of(path) for path in ROOT.glob(f"docs/{folder}/howto/*.md")}
    paired = twins.TWINS if folder == "en" else twins.TWINS.values()
    assert pages == {page for page in paired if "howto" in page}
    index = text_of(ROOT / "docs" / folder / "howto" / "index.md")
    assert [page for page in pages if not page.endswith("index.md") and f"({Path(page).name})" not in index] == []


def test_another_step_on_one_of_two_pages_is_noticed() -> None:
    page = "```python\nx = 1  # one\n```\n"
    assert twins.steps(page.replace("one", "een")) == twins.steps(page)
    assert twins.steps(page.replace("1", "2")) != twins.steps(page)


def test_the_examples_are_found_and_belong_together() -> None:
    page = (
        "```bash\npip install uv && uv run ketensim run x\n```\n\n<!-- ends with 2 -->\n```console\n$ ketensim check y\nno\n"
        "```\n\n```python\nprint(1)\n```\n\n```text\n1\n```\n\nwords\n\n```text\nketensim run z\n```\n"
    )
    bash, console, python, printed, words = examples.blocks(page)
    assert examples.commands(bash) == ["ketensim run x"]
    assert (examples.commands(console), console.exit_code, bash.exit_code) == (["ketensim check y"], 2, 0)
    assert (python.kind, printed.under, words.under) == ("python", "python", "")


def test_an_example_that_fails_is_told_with_its_line(tmp_path: Path) -> None:
    with pytest.raises(examples.ExampleError, match="line 3: ZeroDivisionError"):
        list(examples.carry_out("a\n\n```python\n1 / 0\n```\n", tmp_path))


def test_the_readmes_two_commands_are_the_ones_that_ci_begins_with() -> None:
    bodies = [block.body for block in examples.blocks(text_of(ROOT / "README.md")) if block.kind == "bash"]
    commands = [command for body in bodies[:2] for command in body.strip().split(" && ")]
    assert len(commands) == 3
    ci = text_of(ROOT / ".ci" / "run")
    places = [re.search(rf"(^|\|\| ){re.escape(command)}$", ci, re.M) for command in commands]
    assert None not in places
    assert [place.start() for place in places if place] == sorted(place.start() for place in places if place)
    assert "uv run" not in ci[: places[1].start() if places[1] else 0]


@pytest.mark.parametrize("path", DOCUMENTS, ids=name_of)
def test_a_command_named_in_a_sentence_exists(path: Path) -> None:
    known = {*catalogue("en")["cli"]["command"], "COMMAND"}
    assert {found["name"] for found in COMMAND.finditer(text_of(path))} <= known


@pytest.mark.parametrize("name", ["docs/en/tutorial.md", "docs/nl/handleiding.md"])
def test_the_tutorial_names_every_lever_and_policy(name: str) -> None:
    page = text_of(ROOT / name)
    assert [name for name in (*LEVER_NAMES, *POLICIES) if f"`{name}`" not in page] == []


@pytest.mark.parametrize("page", ["README.md", "CONTRIBUTING.md"])
def test_the_map_of_the_house_names_every_floor(page: str) -> None:
    floors = {path.parent.name for path in PACKAGE.glob("*/__init__.py")}
    assert [name for name in floors if not re.search(rf"^(\| .*`{name}/`|{name} )", text_of(ROOT / page), re.M)] == []


# --- links and pictures --------------------------------------------------------------------------------------------
@pytest.mark.parametrize("path", DOCUMENTS, ids=name_of)
def test_links_between_documents_lead_somewhere(path: Path) -> None:
    wrong = []
    for link in LINK.finditer(CODE.sub("", text_of(path))):
        file, _, place = link["target"].partition("#")
        if re.match(r"[a-z]+:", file):
            continue
        target = (path.parent / file).resolve() if file else path
        if not target.exists() or (place and place not in anchors(target)):
            wrong.append(link["target"])
    assert wrong == []


def test_every_picture_is_used_and_small() -> None:
    used = {(path.parent / link["target"]).resolve() for path in DOCUMENTS for link in LINK.finditer(text_of(path))}
    for picture in ROOT.glob("docs/**/*.png"):
        assert picture in used, picture.name
        assert picture.stat().st_size <= LARGEST_PICTURE, picture.name


# --- what may not be in git ----------------------------------------------------------------------------------------
def test_no_file_in_git_names_a_package_index_or_a_place_on_one_machine() -> None:
    found = []
    for path in files_in_git():
        try:
            lines = text_of(path).splitlines()
        except UnicodeDecodeError:
            continue
        for number, line in enumerate(lines, 1):
            if any(host in line for host in HOSTS) or HOMES.search(line) or WINDOWS.search(line):
                found.append(f"{name_of(path)}:{number}: {line.strip()[:100]}")
    assert found == []


def test_the_version_is_the_same_everywhere() -> None:
    version = re.search(r'^version = "(.+)"$', text_of(ROOT / "pyproject.toml"), re.MULTILINE)
    assert version is not None
    assert f"\nversion: {version[1]}\n" in text_of(ROOT / "CITATION.cff")
    assert f"\n## {version[1]} (" in text_of(ROOT / "CHANGELOG.md")
    assert f"(version {version[1]})" in text_of(ROOT / "README.md")
