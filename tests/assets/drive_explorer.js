/**
 * Drives one explorer of a page as a reader would, control by control, each time from its first state.
 * Returns how many controls it tried and the names of those that changed nothing that can be seen.
 */
async (number) => {
  const SELECTOR = "input, select, button, [tabindex='0']:not(input, select, button)";
  const MOMENT = 400; // ms in which a control answers, or is asked once more
  const PATIENCE = 10_000; // ms that a busy machine may take
  const frame = () => new Promise(requestAnimationFrame);
  const drawn = async () => {
    await frame(); // what was set is drawn in this one
    await frame();
  };
  const page = new DOMParser().parseFromString(await (await fetch(location.pathname)).text(), "text/html");
  const fresh = [...page.querySelectorAll("figure[data-explorer]")][number];
  const mount = await import(document.querySelector("script[src*='mount.js']").src);
  // Each copy is to begin anew, not where the one before it was left.
  history.replaceState(null, "");
  history.replaceState = () => {};
  // An earlier call left one figure: the place of whatever is driven next.
  const [first, ...others] = document.querySelectorAll("figure[data-explorer]");
  let figure = first;
  for (const other of others) other.remove();

  /** What a reader sees of the explorer, the control under test left out. */
  const seen = (control) => {
    control?.setAttribute("data-under-test", "");
    const copy = figure.cloneNode(true);
    control?.removeAttribute("data-under-test");
    copy.querySelector("[data-under-test]")?.remove();
    const pictures = [...figure.querySelectorAll("canvas")].filter((canvas) => !control?.contains(canvas));
    const values = [...figure.querySelectorAll("input, select")].filter((input) => !control?.contains(input));
    return [
      copy.innerHTML,
      ...pictures.map((canvas) => canvas.toDataURL()),
      ...values.map((input) => input.value),
    ].join("\n");
  };
  const answers = async (control, act, patience) => {
    const own = control.matches("input, select") ? (control.closest("label, .control") ?? control) : null;
    const before = seen(own);
    act();
    for (const start = performance.now(); performance.now() - start < patience;) {
      await drawn();
      if (seen(own) !== before) return true;
    }
    return false;
  };
  const write = (control, value) => () => {
    control.focus();
    control.value = value;
    for (const type of ["input", "change"]) control.dispatchEvent(new Event(type, { bubbles: true }));
    control.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true }));
  };
  /** Chooses a file for a control: a grey picture. */
  const choose = (
    control,
    canvas = Object.assign(document.createElement("canvas"), { width: 300, height: 260 }),
  ) => {
    const bytes = Uint8Array.from(atob(canvas.toDataURL().split(",")[1]), (sign) => sign.charCodeAt(0));
    const files = new DataTransfer();
    files.items.add(new File([bytes], "picture.png", { type: "image/png" }));
    control.files = files.files;
    control.dispatchEvent(new Event("change", { bubbles: true }));
  };
  const key = (control, name) => () => {
    control.focus();
    control.dispatchEvent(new KeyboardEvent("keydown", { key: name, bubbles: true, cancelable: true }));
  };
  /** The ways to use a control; one of them must answer. */
  const ways = (control) => {
    if (control.matches("select"))
      return [...control.options]
        .filter((option) => !option.selected)
        .map((option) => write(control, option.value));
    if (control.matches("input[type='range']"))
      return [
        Number(control.value) + Number(control.step || 1),
        Number(control.value) - Number(control.step || 1),
      ]
        .filter((value) => value >= Number(control.min) && value <= Number(control.max))
        .map((value) => write(control, value));
    if (control.matches("input[type='file']")) return [() => choose(control)];
    if (control.matches("input[type='checkbox'], input[type='radio'], button"))
      return [() => control.click()];
    if (control.matches("input"))
      return [write(control, String(Number(control.value || 0) + 1)), write(control, "2")];
    return ["ArrowRight", "ArrowDown", "ArrowLeft", "ArrowUp"].map((name) => key(control, name));
  };
  const name = (control) =>
    `${control.localName} ${
      control.getAttribute("aria-label") ??
      (control.labels?.[0]?.textContent || control.textContent || control.title)
    }`
      .replace(/\s+/g, " ")
      .trim();
  const usable = (control) =>
    !control.matches(":disabled, [aria-disabled=true]") &&
    control.checkVisibility({ visibilityProperty: true });

  const again = async () => {
    const copy = document.importNode(fresh, true);
    figure.replaceWith(copy);
    figure = copy;
    await mount.mountAll();
    for (const fold of figure.querySelectorAll(".more")) fold.open = true;
    await drawn();
    return [...figure.querySelectorAll(SELECTOR)].filter(usable);
  };
  /** Whether a control answers, tried in every way that it has; the control as it was found. */
  const tried = async (i, patience) => {
    let control = (await again())[i];
    for (let way = 0; ; way++) {
      if (way) control = (await again())[i];
      const all = ways(control); // of a control in its first state: using it may have changed them
      if (way >= all.length) return { control, answered: false };
      if (await answers(control, all[way], patience)) return { control, answered: true };
      if (!control.matches("button, input[type='radio']")) continue;
      // what is chosen already, or fits only elsewhere, answers once another choice was made
      for (const other of figure.querySelectorAll("button")) {
        if (other === control || !usable(other)) continue;
        if (!other.isConnected || !control.isConnected) break;
        other.click();
        await drawn();
        if (!control.isConnected || !usable(control)) continue;
        if (await answers(control, ways(control)[0], patience)) return { control, answered: true };
      }
    }
  };
  const silent = [];
  const count = (await again()).length;
  for (let i = 0; i < count; i++) {
    if ((await tried(i, MOMENT)).answered) continue;
    const { control, answered } = await tried(i, PATIENCE);
    if (!answered) silent.push(name(control));
  }
  return { count, silent };
};
