// The page: keeps what the server streams on the screen, and sends what the person does.
import { $, el, chatEntry, dayOf, foldQuotes, message, paintFace, replyKeyboard } from "./view.js";
import { direction } from "./text.js";

let state = null;         // newest state from the server
let open = Number(location.hash.slice(1)) || 0;
let source = null;        // event stream
let quoting = null;       // message that is replied to
let keysHidden = 0;       // message whose reply keyboard the reader has closed
let news = 0;             // messages that arrived while scrolled up
const drawn = new Map();  // message id -> {json, node}
const opened = new Set(); // quotes that the reader has opened
const seen = new Map();   // chat id -> messages of the bot that were seen

async function post(path, body) {
	const answer = await fetch("api/" + path, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
	const data = await answer.json().catch(() => ({ error: "the simulator does not answer" }));
	if (!answer.ok) throw new Error(data.error || answer.statusText);
	return data;
}

let toastTimer;
function toast(text) {
	$("toast").textContent = text;
	$("toast").dir = direction(text);
	$("toast").hidden = false;
	clearTimeout(toastTimer);
	toastTimer = setTimeout(() => { $("toast").hidden = true; }, 3500);
}

function dialog(text, choices = []) {
	$("dialogText").textContent = text;
	$("dialogChoices").replaceChildren(...choices.map(([label, act]) => {
		const b = el("button", "choice", label);
		b.addEventListener("click", () => { $("dialog").close(); act(); });
		return b;
	}));
	$("dialogClose").textContent = choices.length ? "Cancel" : "OK";
	$("dialog").showModal();
}

async function say(text) {
	const reply = quoting ? quoting.id : 0;
	quote(null);
	try {
		await post("say", { chat: state.chat.id, text, message: reply });
		toBottom();
	} catch (err) {
		toast(err.message);
	}
}

const act = {
	say,
	reply: quote,
	jump(id) {
		const one = drawn.get(id);
		if (!one) return;
		one.node.scrollIntoView({ block: "center" });
		one.node.classList.add("found");
		setTimeout(() => one.node.classList.remove("found"), 1500);
	},
	async press(m, b, button) {
		if (b.copy) {
			await navigator.clipboard?.writeText(b.copy).catch(() => {});
			return toast("Copied");
		}
		button.classList.add("busy");
		try {
			const answer = await post("press", { chat: state.chat.id, message: m.id, data: b.data });
			if (answer.text) answer.alert ? dialog(answer.text) : toast(answer.text);
		} catch (err) {
			toast(err.message);
		}
		button.classList.remove("busy");
	},
};

function pressKey(b) {
	if (state.chat.keyboard?.oneTime) keysHidden = state.chat.keyboard.message;
	if (!b.request) return say(b.text);
	const kinds = b.channel ? ["channel"] : ["group", "supergroup"];
	const choices = state.chat.shareable.filter((c) => kinds.includes(c.kind));
	if (!choices.length) return toast("There is no chat to share here");
	dialog("Which chat?", choices.map((c) => [c.title, async () => {
		try {
			await post("share", { chat: state.chat.id, request: b.request, shared: c.id });
		} catch (err) {
			toast(err.message);
		}
	}]));
}

function quote(m) {
	quoting = m;
	$("quoting").hidden = !m;
	if (!m) return;
	$("quotingName").textContent = m.name;
	$("quotingText").textContent = m.text.split("\n")[0];
	$("text").focus();
}

// drawing

function draw() {
	const c = state.chat;
	document.title = c ? c.title + " · wirewatch demo" : "wirewatch demo";
	document.body.classList.toggle("many", state.chats.length > 1);
	if (c) seen.set(c.id, c.count);
	$("chats").replaceChildren(...state.chats.map((one) =>
		chatEntry(one, c && one.id === c.id, one.count - (seen.get(one.id) || 0), choose)));
	if (!c) return;
	$("title").textContent = c.title;
	$("status").textContent = c.status;
	paintFace($("face"), c.title, c.id);
	drawMessages(c);
	drawFooter(c);
}

function drawMessages(c) {
	const box = $("messages"), scroll = $("scroll");
	const atEnd = scroll.scrollHeight - scroll.scrollTop - scroll.clientHeight < 80;
	const nodes = [], fresh = [];
	let before = "", arrived = 0;
	for (const m of c.messages) {
		const json = JSON.stringify(m), day = dayOf(m);
		if (day !== before) nodes.push(separator(day));
		before = day;
		let one = drawn.get(m.id);
		if (!one || one.json !== json) {
			if (!one && m.bot) arrived++;
			one = { json, node: message(m, c, act) };
			drawn.set(m.id, one);
			fresh.push(one.node);
		}
		nodes.push(one.node);
	}
	for (const id of [...drawn.keys()]) if (!c.messages.some((m) => m.id === id)) drawn.delete(id);
	if (!c.messages.length) nodes.push(welcome());
	arrange(box, nodes);
	fresh.forEach((node) => foldQuotes(node, opened));
	if (atEnd) toBottom();
	else setNews(news + arrived);
}

// arrange makes nodes the children of box and touches only what differs, so that screen readers tell news alone.
function arrange(box, nodes) {
	nodes.forEach((node, i) => {
		const now = box.children[i];
		if (now === node || now && now.dataset.day && now.dataset.day === node.dataset.day) return;
		box.insertBefore(node, now || null);
	});
	const keep = new Set(nodes);
	[...box.children].forEach((child, i) => {
		if (!keep.has(child) && !(child.dataset.day && nodes[i] && nodes[i].dataset.day === child.dataset.day)) child.remove();
	});
	while (box.children.length > nodes.length) box.lastElementChild.remove();
}

function separator(day) {
	const node = el("div", "service day");
	node.dataset.day = day;
	node.append(el("span", "", day));
	return node;
}

function welcome() {
	const node = el("div", "service");
	node.append(el("span", "", "No messages here yet"));
	return node;
}

function drawFooter(c) {
	const fresh = c.kind === "private" && !c.messages.length;
	$("start").hidden = !(fresh && c.writable);
	$("composer").hidden = fresh || !c.writable;
	$("readonly").hidden = c.writable;
	$("readonly").textContent = c.kind === "channel" ? "You are reading this channel" : "You cannot write here";
	$("menu").hidden = !c.commands.length;
	const keys = c.keyboard;
	$("keys").hidden = !keys;
	const shown = !!keys && keysHidden !== keys.message && c.writable;
	$("keys").setAttribute("aria-expanded", shown);
	$("keyboard").hidden = !shown;
	if (keys && $("keyboard").dataset.json !== JSON.stringify(keys)) {
		$("keyboard").dataset.json = JSON.stringify(keys);
		replyKeyboard($("keyboard"), keys.rows, pressKey);
	}
	$("text").placeholder = (keys && keys.placeholder) || "Message";
}

function setNews(n) {
	news = n;
	$("news").textContent = n || "";
	$("news").hidden = !n;
}

function toBottom() {
	$("scroll").scrollTop = $("scroll").scrollHeight;
	setNews(0);
}

// commands: a menu over the text field

function offer() {
	const text = $("text").value, list = $("commands");
	const want = /^\/([a-z0-9_]*)$/i.exec(text);
	const found = want && state?.chat ? state.chat.commands.filter((c) => c.command.startsWith(want[1].toLowerCase())) : [];
	list.hidden = !found.length;
	$("menu").setAttribute("aria-expanded", !list.hidden);
	list.replaceChildren(...found.map((c, i) => {
		const item = el("li", i ? "" : "chosen");
		item.setAttribute("role", "option");
		item.setAttribute("aria-selected", !i);
		const what = el("span", "what", c.description);
		what.dir = "auto";
		item.append(el("span", "cmd", "/" + c.command), what);
		item.addEventListener("click", () => pick(item));
		return item;
	}));
}

function pick(item) {
	const command = item.querySelector(".cmd").textContent;
	setText("");
	say(command);
}

function walk(step) {
	const items = [...$("commands").children], at = items.findIndex((i) => i.className === "chosen");
	items.forEach((item, i) => {
		const chosen = i === (at + step + items.length) % items.length;
		item.className = chosen ? "chosen" : "";
		item.setAttribute("aria-selected", chosen);
		if (chosen) item.scrollIntoView({ block: "nearest" });
	});
}

function setText(value) {
	$("text").value = value;
	$("text").dispatchEvent(new Event("input"));
}

$("text").addEventListener("input", () => {
	const t = $("text");
	t.style.height = "auto";
	t.style.height = Math.min(t.scrollHeight, 160) + "px";
	$("composer").classList.toggle("ready", !!t.value.trim());
	offer();
});

$("text").addEventListener("keydown", (ev) => {
	const menu = !$("commands").hidden;
	if (ev.isComposing) return;
	if (menu && (ev.key === "ArrowDown" || ev.key === "ArrowUp")) {
		ev.preventDefault();
		walk(ev.key === "ArrowDown" ? 1 : -1);
	} else if (menu && ev.key === "Tab") {
		ev.preventDefault();
		setText($("commands").querySelector(".chosen .cmd").textContent + " ");
	} else if (ev.key === "Escape") {
		$("commands").hidden = true;
		quote(null);
	} else if (ev.key === "Enter" && !ev.shiftKey) {
		ev.preventDefault();
		if (menu) pick($("commands").querySelector(".chosen"));
		else $("composer").requestSubmit();
	}
});

$("composer").addEventListener("submit", (ev) => {
	ev.preventDefault();
	const text = $("text").value;
	if (!text.trim()) return;
	setText("");
	say(text);
	$("text").focus();
});

$("menu").addEventListener("click", () => {
	setText($("commands").hidden ? "/" : "");
	$("text").focus();
});
$("start").addEventListener("click", () => say("/start"));
$("unquote").addEventListener("click", () => quote(null));
$("down").addEventListener("click", toBottom);
$("back").addEventListener("click", () => document.body.classList.add("list"));
$("keys").addEventListener("click", () => {
	const id = state.chat.keyboard.message;
	keysHidden = keysHidden === id ? 0 : id;
	drawFooter(state.chat);
});
$("scroll").addEventListener("scroll", () => {
	const s = $("scroll"), far = s.scrollHeight - s.scrollTop - s.clientHeight > 200;
	$("down").hidden = !far;
	if (!far) setNews(0);
});
new ResizeObserver(() => { if ($("down").hidden) toBottom(); }).observe($("scroll"));

// light and dark

$("theme").addEventListener("click", () => {
	const dark = matchMedia("(prefers-color-scheme: dark)").matches;
	const now = document.documentElement.dataset.theme || (dark ? "dark" : "light");
	paintTheme(now === "dark" ? "light" : "dark");
});
function paintTheme(theme) {
	if (!theme) return;
	document.documentElement.dataset.theme = theme;
	localStorage.setItem("theme", theme);
}
paintTheme(localStorage.getItem("theme"));

// the stream

function choose(id) {
	document.body.classList.remove("list");
	if (state?.chat?.id === id) return;
	open = id;
	history.replaceState(null, "", "#" + id);
	drawn.clear();
	quote(null);
	setText("");
	$("messages").replaceChildren();
	listen();
}

function listen() {
	source?.close();
	source = new EventSource("api/events?chat=" + open);
	source.onmessage = (ev) => {
		state = JSON.parse(ev.data);
		document.body.classList.remove("lost");
		draw();
	};
	source.onerror = () => document.body.classList.add("lost");
}

listen();
