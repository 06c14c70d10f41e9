// Text and entities to DOM nodes. Message text only ever becomes text nodes: nothing here parses HTML.

const rtlLetter = /[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}\p{Script=Samaritan}\p{Script=Mandaic}\p{Script=Adlam}]/u;

// direction is that of the first strong character, as Telegram Desktop decides it: isolates are not skipped.
export function direction(line) {
	for (const c of line) {
		if (c === "\u200f" || c === "\u061c") return "rtl";
		if (c === "\u200e") return "ltr";
		if (/\p{L}/u.test(c)) return rtlLetter.test(c) ? "rtl" : "ltr";
	}
	return "ltr";
}

const isQuote = (e) => e.type === "blockquote" || e.type === "expandable_blockquote";
const isBlock = (e) => isQuote(e) || e.type === "pre";
const end = (e) => e.offset + e.length;

// render appends a text as blocks of paragraphs, each with a direction of its own. command is called with a command that
// is clicked.
export function render(parent, text, entities, command) {
	const sorted = [...entities].sort((a, b) => a.offset - b.offset || b.length - a.length);
	const blocks = sorted.filter((e, i) => isBlock(e) && !sorted.some((q, j) => j < i && isBlock(q) && end(q) > e.offset));
	let pos = 0;
	for (const b of blocks) {
		paragraphs(parent, text, pos, b.offset, sorted, command, pos > 0, true);
		const box = parent.appendChild(document.createElement(isQuote(b) ? "blockquote" : "pre"));
		if (b.language) box.dataset.language = b.language;
		paragraphs(box, text, b.offset, end(b), sorted.filter((e) => e !== b), command, false, true);
		if (b.type === "expandable_blockquote") box.classList.add("expandable");
		pos = end(b);
	}
	paragraphs(parent, text, pos, text.length, sorted, command, pos > 0, false);
}

// paragraphs lays out text[from:to]. A line break beside a block is part of the block's border, not an empty line.
function paragraphs(parent, text, from, to, entities, command, afterBlock, beforeBlock) {
	if (afterBlock && text[from] === "\n") from++;
	if (beforeBlock && to > from && text[to - 1] === "\n") to--;
	if (from >= to) return;
	for (let start = from; start <= to; ) {
		let stop = text.indexOf("\n", start);
		if (stop < 0 || stop > to) stop = to;
		const line = parent.appendChild(document.createElement("div"));
		line.className = "line";
		line.dir = direction(text.slice(start, stop));
		inline(line, text, start, stop, entities.filter((e) => !isBlock(e)), command);
		if (start === stop) line.append(document.createElement("br"));
		start = stop + 1;
	}
}

function inline(parent, text, from, to, entities, command) {
	let pos = from;
	entities.forEach((e, i) => {
		const start = Math.max(e.offset, pos), stop = Math.min(end(e), to);
		if (start >= stop || e.offset < pos && e.offset >= from) return;
		parent.append(text.slice(pos, start));
		const node = wrap(e, text.slice(e.offset, end(e)), command);
		if (node.dataset.final) delete node.dataset.final;
		else inline(node, text, start, stop, entities.slice(i + 1), command);
		parent.append(node);
		pos = stop;
	});
	parent.append(text.slice(pos, to));
}

const tags = { bold: "b", italic: "i", underline: "u", strikethrough: "s", code: "code" };

function wrap(e, value, command) {
	const node = document.createElement(tags[e.type] || "span");
	switch (e.type) {
	case "text_link":
	case "url":
	case "email":
		return anchor(e.type === "email" ? "mailto:" + value : e.url || value);
	case "bot_command": {
		const button = document.createElement("button");
		button.className = "command";
		button.type = "button";
		button.addEventListener("click", () => command(value));
		return button;
	}
	case "mention": case "hashtag": case "cashtag": case "text_mention":
		node.className = "mention";
		break;
	case "spoiler":
		node.className = "spoiler";
		node.tabIndex = 0;
		node.setAttribute("role", "button");
		node.setAttribute("aria-label", "hidden text");
		for (const event of ["click", "keydown"]) {
			node.addEventListener(event, (ev) => {
				if (ev.key && ev.key !== "Enter" && ev.key !== " ") return;
				node.classList.add("shown");
				node.removeAttribute("aria-label");
			});
		}
		break;
	case "date_time":
		return time(e, value);
	}
	return node;
}

// anchor is a link to the web; anything else is left as inert text.
function anchor(href) {
	if (!/^[a-z]+:/i.test(href)) href = "http://" + href;
	const a = document.createElement("a");
	if (/^(https?|mailto|tg):/i.test(href)) {
		a.href = href;
		a.target = "_blank";
		a.rel = "noopener noreferrer";
		a.title = href;
	}
	return a;
}

// time shows a moment in the reader's own zone and language, which is what a date_time entity is for.
function time(e, value) {
	const node = document.createElement("time");
	const at = new Date(e.unix_time * 1000), f = e.date_time_format || "";
	node.dateTime = at.toISOString();
	node.title = at.toLocaleString();
	if (!f) return node;
	const options = {};
	if (/t/i.test(f)) options.timeStyle = f.includes("T") ? "medium" : "short";
	if (/d/i.test(f)) options.dateStyle = f.includes("D") ? "long" : "short";
	const parts = [];
	if (/w/i.test(f)) parts.push(at.toLocaleDateString(undefined, { weekday: "long" }));
	if (Object.keys(options).length) parts.push(new Intl.DateTimeFormat(undefined, options).format(at));
	node.textContent = parts.length ? parts.join(", ") : value;
	node.dataset.final = "1";
	return node;
}
