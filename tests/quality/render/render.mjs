// What renderers of the web make of formulas.
//
//   node render.mjs FORMAT… <formulas.jsonl >renderings.jsonl
//
// Each input line is {"latex": …, "display": true|false, "macros": {"\\R": "\\mathbb{R}"}}, of which only `latex` must be
// there. Each output line is {FORMAT: markup or null, …, "errors": {FORMAT: message, …}}, in the order of the input.
// KaTeX's and Temml's MathML holds its annotation; MathJax's output has no assistive MathML and no `data-latex`.

import { createInterface } from "node:readline";
import { createRequire } from "node:module";

const require = createRequire(import.meta.url);
console.log = console.error; // MathJax 2 writes its messages there; the standard output is for answers

const PACKAGES = ["base", "ams", "boldsymbol", "braket", "cancel", "color", "enclose", "extpfeil", "mathtools", "mhchem",
  "newcommand", "textmacros", "unicode"];

async function katex(version, output) {
  const { default: renderer } = await import(version);
  return ({ latex, display, macros }) => {
    const options = { displayMode: display, output, strict: false, trust: true, macros: { ...macros } };
    const made = renderer.renderToString(latex, options);
    return output === "html" ? made.replace(/<span class="katex-mathml">.*?<\/math><\/span>/s, "") : made; // KaTeX 0.9
  };
}

async function temml() {
  const { default: renderer } = await import("temml");
  return ({ latex, display, macros }) =>
    renderer.renderToString(latex, { displayMode: display, annotate: true, throwOnError: true, macros: { ...macros } });
}

// MathJax 3 and 4 have the same modules under two paths.
async function mathjax(root, output) {
  const load = (path) => import(`${root}/js/${path}.js`);
  const { mathjax } = await load("mathjax");
  if (root === "@mathjax/src") await load("util/asyncLoad/esm"); // it loads parts of its font on demand
  const { TeX } = await load("input/tex");
  const { liteAdaptor } = await load("adaptors/liteAdaptor");
  const { RegisterHTMLHandler } = await load("handlers/html");
  const { SerializedMmlVisitor } = await load("core/MmlTree/SerializedMmlVisitor");
  const { STATE } = await load("core/MathItem");
  const { CHTML } = await load("output/chtml");
  const { SVG } = await load("output/svg");
  for (const name of PACKAGES) {
    await load(`input/tex/${name}/${FILES[name] ?? name[0].toUpperCase() + name.slice(1)}Configuration`);
  }
  const adaptor = liteAdaptor();
  RegisterHTMLHandler(adaptor);
  const visitor = new SerializedMmlVisitor();
  const end = output === "mathml" ? STATE.CONVERT : STATE.LAST;
  let document, known; // a document is costly and keeps the macros of its formulas: one for those that share them
  return async ({ latex, display, macros }) => {
    const commands = definitions(macros);
    if (commands !== known) {
      const tex = new TeX({ packages: PACKAGES, formatError: (_, error) => { throw error; } });
      tex.postFilters.add(({ data }) => data.root.walkTree(withoutSource), 1000);
      document = mathjax.document("", { InputJax: tex, OutputJax: output === "chtml" ? new CHTML() : new SVG() });
      known = commands;
    }
    const made = await mathjax.handleRetriesFor(() => document.convert(commands + latex, { display, end }));
    return output === "mathml" ? visitor.visitTree(made) : adaptor.outerHTML(made);
  };
}

const FILES = { textmacros: "TextMacros" };
const definitions = (macros) => Object.entries(macros).map(([name, body]) => {
  const parameters = Math.max(0, ...(body.match(/#\d/g) ?? []).map((parameter) => Number(parameter[1])));
  return `\\newcommand{${name}}[${parameters}]{${body}}`;
}).join("");

function withoutSource(node) {
  for (const name of ["data-latex", "data-latex-item"]) node.attributes?.unset?.(name);
}

async function mathjax2(output) {
  const renderer = require("mathjax-node");
  renderer.config({ displayErrors: false, displayMessages: false });
  return async ({ latex, display, macros }) => {
    const options = { format: display ? "TeX" : "inline-TeX", [output]: true, speakText: false };
    const made = await renderer.typeset({ math: definitions(macros) + latex, ...options }).catch((errors) => {
      throw new Error([errors].flat().join("; "));
    });
    return made[output];
  };
}

const MAKERS = {
  "katex-html": () => katex("katex", "html"),
  "katex-mathml": () => katex("katex", "mathml"),
  "katex16-html": () => katex("katex16", "html"),
  "katex9-html": () => katex("katex9", "html"),
  temml,
  "mathjax4-chtml": () => mathjax("@mathjax/src", "chtml"),
  "mathjax4-svg": () => mathjax("@mathjax/src", "svg"),
  "mathjax4-mathml": () => mathjax("@mathjax/src", "mathml"),
  "mathjax3-chtml": () => mathjax("mathjax-full", "chtml"),
  "mathjax3-svg": () => mathjax("mathjax-full", "svg"),
  "mathjax3-mathml": () => mathjax("mathjax-full", "mathml"),
  "mathjax2-chtml": () => mathjax2("html"),
  "mathjax2-svg": () => mathjax2("svg"),
  "mathjax2-mathml": () => mathjax2("mml"),
};

const formats = process.argv.slice(2);
const unknown = formats.filter((format) => !(format in MAKERS));
if (unknown.length || !formats.length) {
  console.error(`formats are: ${Object.keys(MAKERS).join(" ")}`);
  process.exit(2);
}
const renderers = {};
for (const format of formats) renderers[format] = await MAKERS[format]();
for await (const line of createInterface({ input: process.stdin })) {
  const { latex, display = false, macros = {} } = JSON.parse(line);
  const made = { errors: {} };
  for (const format of formats) {
    try {
      made[format] = await renderers[format]({ latex, display, macros });
    } catch (error) {
      made[format] = null;
      made.errors[format] = String(error?.message ?? error);
    }
  }
  process.stdout.write(JSON.stringify(made) + "\n");
}
process.stdout.write("", () => process.exit(0)); // once all is written: MathJax 2 would keep the process alive
