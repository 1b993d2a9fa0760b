// What the pages need of CodeMirror; book/assets/codemirror/LICENSE.md says how it becomes one module.
import { defaultKeymap, history, historyKeymap, indentWithTab, isolateHistory } from "@codemirror/commands";
import { pythonLanguage } from "@codemirror/lang-python";
import {
  HighlightStyle,
  bracketMatching,
  indentOnInput,
  indentUnit,
  syntaxHighlighting,
} from "@codemirror/language";
import { EditorState } from "@codemirror/state";
import { EditorView, keymap, lineNumbers } from "@codemirror/view";
import { tags } from "@lezer/highlight";

/** Colours of the code, as variables that the page gives. */
const COLOURS = HighlightStyle.define([
  { tag: [tags.keyword, tags.operatorKeyword, tags.bool, tags.null], color: "var(--code-keyword)" },
  {
    tag: [tags.function(tags.definition(tags.variableName)), tags.definition(tags.className)],
    color: "var(--code-name)",
  },
  { tag: [tags.string, tags.special(tags.string)], color: "var(--code-string)" },
  { tag: tags.operator, color: "var(--code-string)" },
  { tag: tags.number, color: "var(--code-number)" },
  { tag: tags.comment, color: "var(--code-comment)", fontStyle: "italic" },
]);
const LOOK = EditorView.theme({
  "&": { color: "var(--ink)", backgroundColor: "var(--wash)", fontSize: "0.8125rem" },
  "&.cm-focused": { outline: "2px solid var(--accent)", outlineOffset: "1px" },
  ".cm-scroller": { fontFamily: "var(--mono, monospace)", lineHeight: "1.5", overflowX: "auto" },
  ".cm-content": { padding: "0.75rem 0", caretColor: "var(--ink)" },
  ".cm-line": { padding: "0 1rem 0 0.5rem" },
  ".cm-gutters": {
    color: "var(--muted)",
    backgroundColor: "var(--wash)",
    border: "0",
    paddingLeft: "0.25rem",
  },
  "&.cm-focused .cm-matchingBracket": { backgroundColor: "transparent", outline: "1px solid var(--muted)" },
});

/**
 * Replaces what is selected. Chromium, left to itself, keeps the look of the old text in inline styles, which the
 * policy of the pages forbids.
 *
 * @param {InputEvent} event
 * @param {EditorView} view
 */
function overwrite(event, view) {
  if (event.inputType !== "insertText" || event.data === null || view.state.selection.main.empty)
    return false;
  view.dispatch(view.state.replaceSelection(event.data), { userEvent: "input.type", scrollIntoView: true });
  return true;
}

/**
 * Puts an editor for Python into a place. Tab indents; after Escape it leads on, as the keyboard needs it.
 * Its styles stand in a shadow tree, where they are no inline styles, which the policy of the pages forbids.
 *
 * @param {HTMLElement} place an empty element
 * @param {{ text: string, label: string, changed: (text: string) => void, entered: () => void }} options
 *     its text and its name, what is called with each new text, and what Ctrl+Enter does
 */
export function createEditor(place, { text, label, changed, entered }) {
  const root = place.attachShadow({ mode: "open" });
  const enter = { key: "Mod-Enter", run: () => (entered(), true) };
  const view = new EditorView({
    parent: root,
    root,
    doc: text,
    extensions: [
      lineNumbers(),
      history(),
      indentUnit.of("    "),
      EditorState.tabSize.of(4),
      pythonLanguage,
      indentOnInput(),
      bracketMatching(),
      syntaxHighlighting(COLOURS),
      LOOK,
      keymap.of([enter, ...defaultKeymap, ...historyKeymap, indentWithTab]),
      EditorView.domEventHandlers({ beforeinput: overwrite }),
      EditorView.contentAttributes.of({ "aria-label": label, tabindex: "0" }),
      EditorView.updateListener.of((update) => update.docChanged && changed(update.state.doc.toString())),
    ],
  });
  return {
    focus: () => view.focus(),
    text: () => view.state.doc.toString(),
    /** @param {string} text Replaces the whole text; one step back undoes it. */
    replace: (text) =>
      view.dispatch({
        changes: { from: 0, to: view.state.doc.length, insert: text },
        annotations: isolateHistory.of("full"),
      }),
  };
}
