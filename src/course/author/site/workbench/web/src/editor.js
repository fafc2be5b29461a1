// The editor: CodeMirror with Python, in the page's colors.
import { autocompletion, closeBrackets, closeBracketsKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { python } from "@codemirror/lang-python";
import {
  bracketMatching,
  foldGutter,
  foldKeymap,
  HighlightStyle,
  indentOnInput,
  indentUnit,
  syntaxHighlighting,
} from "@codemirror/language";
import { highlightSelectionMatches, searchKeymap } from "@codemirror/search";
import { EditorState } from "@codemirror/state";
import {
  drawSelection,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  keymap,
  lineNumbers,
} from "@codemirror/view";
import { tags } from "@lezer/highlight";
import { difference } from "./text.js";

const COLORS = HighlightStyle.define([
  { tag: [tags.keyword, tags.operatorKeyword, tags.self], color: "var(--code-keyword)" },
  { tag: [tags.string, tags.docString], color: "var(--code-string)" },
  { tag: [tags.number, tags.bool, tags.null], color: "var(--code-number)" },
  { tag: tags.comment, color: "var(--code-comment)", fontStyle: "italic" },
  { tag: [tags.definition(tags.variableName), tags.className], color: "var(--code-name)" },
]);

const IS_NARROW = "(max-width: 60rem)"; // as in workbench.css

function extensions(label, onChange, keys) {
  return [
    lineNumbers(),
    foldGutter(),
    history(),
    drawSelection(),
    indentOnInput(),
    bracketMatching(),
    closeBrackets(),
    autocompletion({ activateOnTyping: false }),
    highlightActiveLine(),
    highlightActiveLineGutter(),
    highlightSelectionMatches(),
    indentUnit.of("    "),
    EditorState.tabSize.of(4),
    syntaxHighlighting(COLORS),
    python(),
    matchMedia(IS_NARROW).matches ? EditorView.lineWrapping : [],
    keymap.of([
      ...keys,
      ...closeBracketsKeymap,
      ...defaultKeymap,
      ...searchKeymap,
      ...historyKeymap,
      ...foldKeymap,
      indentWithTab, // Escape, then Tab, leaves the editor
    ]),
    EditorView.contentAttributes.of({ "aria-label": label, autocapitalize: "off" }),
    EditorView.updateListener.of((update) => {
      if (update.docChanged) onChange(update.state.doc.toString());
    }),
  ];
}

export class Editor {
  // `onRun` is called for Ctrl-Enter (or ⌘-Enter).
  constructor(parent, label, onRun) {
    const run = () => (onRun(), true);
    this.label = label;
    this.keys = [{ key: "Mod-Enter", run, preventDefault: true }];
    this.view = new EditorView({ parent });
  }

  // Show a text with a fresh history; `onChange` hears every edit.
  open(text, label, onChange) {
    const doc = extensions(label, onChange, this.keys);
    this.view.setState(EditorState.create({ doc: text, extensions: doc }));
  }

  // Replace the text where it differs, as an edit that can be undone; the cursor stays.
  replace(text) {
    const change = difference(this.text, text);
    if (change) this.view.dispatch({ changes: change });
  }

  get text() {
    return this.view.state.doc.toString();
  }

  // Go to a line, from 1.
  goTo(number) {
    const { doc } = this.view.state;
    const line = doc.line(Math.max(1, Math.min(number, doc.lines)));
    const effects = EditorView.scrollIntoView(line.from, { y: "center" });
    this.view.dispatch({ selection: { anchor: line.from }, effects });
    this.view.focus();
  }
}
