"""Named requests that would break out of carelessly written code."""

import base64
import random
from typing import Any

from workers_ai import ChatRequest, Cloudflare, PromptRequest, parse_request

TEXTS = {
    "quotes": "\"double\" 'single' `back` “curly”",
    "only-double": 'She said "no".',
    "only-single": "It's 'fine'.",
    "triple": "'''\"\"\"```",
    "backslashes": "\\ \\\\ \\n \\u0041 \\x41 \\0 C:\\new\\table\\",
    "ends-in-backslash": "a\\",
    "ends-in-quote": 'a"',
    "shell": "$HOME ${HOME} $(id) `id` $((1+1)) !! !x \\$HOME \\`id\\` \\\\$HOME ~ * ? [a] {a,b}",
    "javascript": "${process.exit(1)} `+process.exit(1)+` \\` \\${x} $ { $",
    "python": '{0} {x!r} %s %(x)s f"{x}" {{x}} \\N{BULLET} #',
    "here-document": "a\nJSON\nEOF\n'JSON'\n<<JSON\n$(id)\nb",
    "lines": "One line.\nAnother line, somewhat longer than the first one.\n\n  indented\n\ttab\n",
    "lines-quoted": 'It\'s "quoted" here, and\nhere `too`, ${x}, and \\ at the end\\\nand $(id)\n',
    "crlf": "A line that ends as on Windows\r\nand another that does the same\r\nlast\r",
    "only-feeds": "\n" * 90,
    "separators": "a\u2028b\u2029c\x85d\x0be\x0cf\x1cg",
    "controls": "".join(map(chr, range(32))) + "\x7f\x80\x9f",
    "nul": "before\0after\x001",
    "direction": "access\u202e\u2066 // only\u2069 \u200f admin\u061c",
    "invisible": "a\ufeffb\u200bc\u00adD\U000e0041\U000e007f\ue000\U0010ffff\uffff",
    "surrogate": "half \ud83d and \udc00, pair \ud83d\ude00",
    "emoji": "👩‍👩‍👧 🏴󠁧󠁢󠁥󠁮󠁧󠁿 👍🏽 e\u0301 \u00a0\u3000",
    "scripts": "你好世界。こんにちは 안녕하세요 Привет مرحبا שלום नमस्ते สวัสดี ‌می‌خواهم",
    "markup": "</script><script>alert(1)</script><!-- --> ]]> &amp; </SCRIPT>",
    "comments": '/* */ // # -- <!-- " /*',
    "template": "CALL RETURNED STREAM TEXT {TEXT} picture_1 picture1 api_token",
    "json": '{"a": "\\"", "b": [1, null]}',
    "space": " ",
    "leading-dash": "--data @/etc/passwd",
    "at": "@/etc/passwd",
    "long": "word " * 20_000,
    "many-lines": "a line of text\n" * 5_000,
    "long-lines": ("x" * 300 + "\n") * 3,
}

_DICE = random.Random(7)  # noqa: S311 - not for security
PNG = b"\x89PNG\r\n\x1a\n" + _DICE.randbytes(64)
LARGE = b"\xff\xd8\xff" + _DICE.randbytes(1_000_000)


def uri(data: bytes, head: str = "data:image/png;base64,") -> str:
    return head + base64.b64encode(data).decode()


def picture(url: str) -> dict[str, Any]:
    return {"type": "image_url", "image_url": {"url": url}}


def asking(*content: Any) -> dict[str, Any]:
    return {"messages": [{"role": "user", "content": list(content)}]}


def nested(levels: int) -> dict[str, Any]:
    value: dict[str, Any] = {"text": "`${x}` \"\"\" ''' \\ \n", "number": 1.5}
    for level in range(levels):
        value = {"properties": {"a": [value]}} if level % 2 else {"items": value}
    return value


def tool(name: str, description: str = "It does", **properties: Any) -> dict[str, Any]:
    parameters = {"type": "object", "properties": properties, "required": list(properties)}
    return {"name": name, "description": description, "parameters": parameters}


HELLO = [{"role": "user", "content": "Hello"}]
CITY = {"type": "string", "description": 'The "city", or `town`', "enum": ["a'b", "${c}", None]}
CALL = {"id": "call_1", "type": "function", "function": {"name": "f", "arguments": '{"a": "\\"b"}'}}

BODIES: dict[str, dict[str, Any]] = {
    "plain": {"messages": HELLO},
    "streamed": {"messages": HELLO, "stream": True},
    "not-streamed": {"messages": HELLO, "stream": False},
    "empty": {"messages": []},
    "empties": {"messages": [{"role": "user", "content": []}], "tools": [], "functions": []},
    "bare-message": {"messages": [{}]},
    "one-part": {"messages": [{"role": "user", "content": {"type": "text", "text": "Hi"}}]},
    "raw": {"prompt": "<start_of_turn>user\nHello<end_of_turn>\n" * 3, "raw": True, "stream": True},
    "parameters": {
        "messages": HELLO,
        "max_tokens": 1,
        "temperature": 0,
        "top_p": 0.123456789012345678,
        "top_k": 50,
        "seed": 9_999_999_999,
        "repetition_penalty": 2,
        "frequency_penalty": 1e-7,
        "presence_penalty": -0.0,
        "raw": False,
        "lora": 'it\'s "mine"',
    },
    "further": {
        "prompt": "x",
        "options": {"rejectIfBusy": True, "nothing": None},
        "": 1,
        "a b": 2,
        "class": 3,
        "import": {"async": 1, "1": 2, "01": 3},
        "timeout": 4,
        "extra_body": 5,
        "model": "mine",
        "__proto__": {"x": 1},
        "constructor": None,
    },
    "keys": {
        "prompt": "x",
        "guided_json": dict.fromkeys([*TEXTS, "__proto__", "$a", "ä", "\0"], 1),
    },
    "hostile-keys": {
        "messages": HELLO,
        "guided_json": {
            "properties": {t: {"enum": [t]} for t in list(TEXTS.values())[:27] if t.isprintable()}
        },
    },
    "numbers": {
        "prompt": "x",
        "guided_json": {"a": [1e300, -1e-300, 2**53, 2**53 + 1, 10**400, 0.1]},
    },
    "large-number": {"messages": HELLO, "tools": [tool("f")], "max_tokens": 2**60, "stream": True},
    "tools": {
        "messages": [{"role": "user", "content": "Weather?"}],
        "tools": [tool("get_weather", city=CITY), {"type": "function", "function": tool("$(id)")}],
        "stream": True,
    },
    "tool-turns": {
        "messages": [
            *HELLO,
            {"role": "assistant", "content": "", "tool_calls": [CALL]},
            {"role": "tool", "name": "f", "tool_call_id": "call_1", "content": '{"a": 1}'},
        ],
        "tools": [tool("f", a={"type": "number", "description": "A number"})],
    },
    "functions": {"messages": HELLO, "functions": [{"name": "f", "code": "return `${x}\\n`;\n//"}]},
    "deep": {"messages": HELLO, "guided_json": nested(46)},
    "deeper": {"messages": HELLO, "guided_json": nested(190)},
    "deeper-and-large": {"prompt": "x", "guided_json": {"a": nested(120), "b": 10**30}},
    "wide": {"prompt": "x", "guided_json": {"enum": [f"value {n}" for n in range(3_000)]}},
    "picture": asking({"type": "text", "text": "What's `this`?"}, picture(uri(PNG))),
    "picture-again": {**asking(picture(uri(PNG)), picture(uri(PNG + b"2"))), "stream": True},
    "same-picture": asking(picture(uri(PNG)), picture(uri(PNG))),
    "picture-alone": {"messages": [{"role": "user", "content": picture(uri(PNG))}]},
    "large-picture": asking(picture(uri(LARGE, "data:image/jpeg;base64,"))),
    "odd-heads": asking(
        picture(uri(b"$(id)", "data:image/x-$(id);a='\"`;base64,")),
        picture(uri(b"1", "data:;base64,")),
        picture(uri(b"2", "DATA:x;base64,".lower())),
        picture("data:text/plain,$(id)%20`id`'\""),
        picture("data:image/png;base64,AA=A"),
        picture("data:image/png;base64,AB=="),
        picture("data:image/png;base64,"),
        picture("data:image/png;base64,aGVsbG8\n="),
    ),
    "hostile-pictures": asking({"type": "text", "text": TEXTS["shell"]}, picture(uri(PNG))),
    "picture-and-lines": asking({"type": "text", "text": TEXTS["lines-quoted"]}, picture(uri(PNG))),
    "picture-and-depth": {
        "messages": [{"role": "user", "content": picture(uri(PNG)), "further": nested(120)}]
    },
    "picture-and-number": {**asking(picture(uri(PNG))), "max_tokens": 2**60},
    "images-key": {"messages": [{"role": "user", "content": "x", "images": ["abcd", 5]}]},
}


def _cases() -> dict[str, ChatRequest | PromptRequest]:
    bodies = dict(BODIES)
    for number, (name, text) in enumerate(TEXTS.items()):
        chat = {"messages": [{"role": "user", "content": text}], "stream": number % 2 == 0}
        bodies[f"chat-{name}"] = chat
        bodies[f"prompt-{name}"] = {"prompt": text, "lora": text}
    return {name: parse_request(body) for name, body in bodies.items()}


CASES = _cases()


def hosted(origin: str, name: str, **further: Any) -> Cloudflare:
    """Return a backend whose code calls a path with the name of a case."""
    return Cloudflare("0" * 32, "cfut_secret", base_url=f"{origin}/{name}/client/v4", **further)
