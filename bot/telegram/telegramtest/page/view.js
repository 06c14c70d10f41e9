// Nodes of the page: entries of the sidebar, messages and their keyboards.
import { render, direction } from "./text.js";

export const $ = (id) => document.getElementById(id);

// el makes an element: its tag, its classes and its text.
export function el(tag, className, text) {
	const node = document.createElement(tag);
	if (className) node.className = className;
	if (text !== undefined) node.textContent = text;
	return node;
}

const clock = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
const day = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "long" });

export const dayOf = (m) => day.format(new Date(m.date * 1000));

export function paintFace(node, title, id) {
	const words = title.split(/\s+/).filter((w) => /^[\p{L}\p{N}]/u.test(w));
	node.textContent = words.slice(0, 2).map((w) => [...w][0]).join("").toUpperCase();
	node.className = "face c" + (Math.abs(id) % 7);
}

export function chatEntry(c, open, unread, choose) {
	const item = el("li"), button = el("button", open ? "chat open" : "chat");
	const face = el("span");
	paintFace(face, c.title, c.id);
	face.setAttribute("aria-hidden", "true");
	const words = el("span", "words"), last = el("span", "last", c.last || c.status);
	last.dir = direction(c.last);
	const title = el("span", "name", c.title);
	title.dir = "auto";
	words.append(title, last);
	button.append(face, words);
	const side = el("span", "side");
	if (c.date) side.append(el("span", "when", clock.format(new Date(c.date * 1000))));
	if (unread > 0) side.append(el("span", "unread", unread));
	button.append(side);
	if (open) button.setAttribute("aria-current", "true");
	button.addEventListener("click", () => choose(c.id));
	item.append(button);
	return item;
}

// message makes the node of one message; act holds what its parts do: say, press, reply, jump.
export function message(m, chat, act) {
	if (m.service) {
		const note = el("div", "service");
		note.append(el("span", "", m.service));
		return note;
	}
	const node = el("article", "msg " + (m.own ? "own" : m.bot ? "bot" : "other"));
	node.dataset.id = m.id;
	const bubble = node.appendChild(el("div", "bubble"));
	heading(bubble, m, chat, act);
	if (m.preview && m.preview.show_above_text) preview(bubble, m);
	if (m.photo) bubble.append(el("div", "photo", "🖼 " + m.photo));
	const body = bubble.appendChild(el("div", "text"));
	render(body, m.text, m.entities, act.say);
	if (!(m.preview && m.preview.show_above_text)) preview(bubble, m);
	meta(bubble, body, m);
	const reply = el("button", "reply icon");
	reply.type = "button";
	reply.setAttribute("aria-label", "Reply");
	reply.append("↩");
	reply.addEventListener("click", () => act.reply(m));
	bubble.append(reply);
	if (m.keyboard) node.append(keyboard(m, act));
	return node;
}

function heading(bubble, m, chat, act) {
	if (chat.kind !== "private" && !m.own) {
		const name = bubble.appendChild(el("div", "sender", m.name));
		name.dir = "auto";
	}
	if (m.topic) bubble.append(el("div", "topic", "# " + m.topic));
	if (m.forward) bubble.append(el("div", "topic", "Forwarded from " + m.forward));
	if (m.replyTo) {
		const quoted = bubble.appendChild(el("button", "quoted"));
		quoted.type = "button";
		const name = el("strong", "", m.replyTo.name), text = el("span", "", m.replyTo.text);
		name.dir = text.dir = "auto";
		quoted.append(name, text);
		quoted.addEventListener("click", () => act.jump(m.replyTo.id));
	}
}

// preview stands for the card that Telegram makes of a link; here nothing is fetched.
function preview(bubble, m) {
	const p = m.preview || {};
	const first = m.entities.find((e) => e.type === "text_link" || e.type === "url");
	let url = p.url || (first && (first.url || m.text.substr(first.offset, first.length)));
	if (p.is_disabled || !url || m.photo) return;
	if (!/^https?:/i.test(url)) url = "http://" + url;
	let host;
	try { host = new URL(url).host; } catch { return; }
	const card = bubble.appendChild(el("a", "preview"));
	card.href = url;
	card.target = "_blank";
	card.rel = "noopener noreferrer";
	card.append(el("strong", "", host), el("span", "", "link preview"));
}

// meta puts the time into the last line where there is room, below it when that line runs from right to left.
function meta(bubble, body, m) {
	const box = el("span", "meta");
	if (m.silent) box.append(el("span", "bell", "🔕"));
	if (m.edited) box.append(el("span", "", "edited"));
	const at = box.appendChild(el("time", "", clock.format(new Date(m.date * 1000))));
	at.dateTime = new Date(m.date * 1000).toISOString();
	const last = body.lastElementChild;
	const beside = last && last.className === "line" && last.dir === "ltr" && bubble.lastElementChild === body;
	if (beside) last.append(el("span", "room" + (m.edited ? " wide" : "") + (m.silent ? " bell" : "")));
	else box.classList.add("below");
	bubble.append(box);
}

// keyboard keeps the order of the buttons from left to right in every language, as Telegram's clients do.
function keyboard(m, act) {
	const box = el("div", "inline");
	box.dir = "ltr";
	for (const row of m.keyboard) {
		const line = box.appendChild(el("div", "row"));
		for (const b of row) {
			const button = line.appendChild(el(b.url ? "a" : "button", "ib " + (b.style || "")));
			const label = button.appendChild(el("span", "", b.text));
			label.dir = "auto";
			if (b.url) {
				button.href = b.url;
				button.target = "_blank";
				button.rel = "noopener noreferrer";
				button.append(el("span", "corner", "↗\ufe0e"));
			} else {
				button.type = "button";
				button.addEventListener("click", () => act.press(m, b, button));
			}
		}
	}
	return box;
}

export function replyKeyboard(box, rows, press) {
	box.replaceChildren();
	for (const row of rows) {
		const line = box.appendChild(el("div", "row"));
		for (const b of row) {
			const button = line.appendChild(el("button", "rb " + (b.style || "")));
			button.type = "button";
			const label = button.appendChild(el("span", "", b.text));
			label.dir = "auto";
			button.addEventListener("click", () => press(b));
		}
	}
}

// foldQuotes closes long expandable quotes; opened remembers which ones the reader has opened.
export function foldQuotes(node, opened) {
	node.querySelectorAll("blockquote.expandable").forEach((quote, i) => {
		const key = node.dataset.id + ":" + i;
		quote.classList.add("folded");
		if (quote.scrollHeight <= quote.clientHeight + 4) {
			quote.classList.remove("folded");
			return;
		}
		const set = (open) => {
			quote.classList.toggle("folded", !open);
			quote.setAttribute("aria-expanded", open);
			open ? opened.add(key) : opened.delete(key);
		};
		quote.tabIndex = 0;
		quote.setAttribute("role", "button");
		quote.classList.add("foldable");
		quote.addEventListener("click", (ev) => {
			if (!ev.target.closest("a") && !String(getSelection())) set(quote.classList.contains("folded"));
		});
		quote.addEventListener("keydown", (ev) => {
			if (ev.target === quote && (ev.key === "Enter" || ev.key === " ")) {
				ev.preventDefault();
				set(quote.classList.contains("folded"));
			}
		});
		set(opened.has(key));
	});
}
