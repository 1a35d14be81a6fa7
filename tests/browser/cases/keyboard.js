// All by keys alone: every place that Tab reaches is seen and covered by nothing, and a risk is recorded, changed and found.
"use strict";

const focused = page => page.evaluate(() => {
  const node = document.activeElement, box = node.getBoundingClientRect(), style = getComputedStyle(node);
  const over = document.elementFromPoint(box.left + Math.min(box.width / 2, 40), box.top + Math.min(box.height / 2, 12));
  return {tag: node.tagName, id: node.id, text: (node.textContent || node.ariaLabel || "").trim().slice(0, 60), name: node.name || "",
    // Chromium shows which part of a day has the focus.
    outline: node.type === "date" || style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 1, inMain: !!node.closest("main"),
    seen: node.matches("#menu-open") || (box.width > 0 && box.bottom > 0 && box.top < innerHeight && !!over && (node.contains(over) || over.contains(node) || over.control === node))};
});

// Presses Tab until what has the focus is wanted; fails where that never comes.
async function tabTo(page, wanted, most = 300) {
  for (let i = 0; i < most; i++) {
    await page.keyboard.press("Tab");
    const at = await focused(page);
    if (wanted(at)) return at;
  }
  throw new Error("Tab does not come to " + wanted);
}

const enter = (t, page) => t.go(page, () => page.keyboard.press("Enter"));

async function skip(t, page) {
  await page.keyboard.press("Tab");
  const first = await focused(page);
  t.ok("the first Tab is the way past the menu", first.text === "Skip to the content" && first.seen && first.outline, JSON.stringify(first));
  await page.keyboard.press("Enter");
  await page.keyboard.press("Tab");
  t.ok("which leads into the content", (await focused(page)).inMain, JSON.stringify(await focused(page)));
}

async function stops(t, page, what) {
  const faults = [], seen = new Set();
  for (let i = 0; i < 150; i++) {
    await page.keyboard.press("Tab");
    const at = await focused(page);
    if (at.tag === "BODY") break;
    seen.add(at.tag + at.id + at.name + at.text);
    if (!at.seen || !(at.outline || at.id === "menu-open")) faults.push(JSON.stringify(at));
  }
  t.ok(`${what}: Tab comes to it all`, seen.size > 20, seen.size);
  t.ok(`${what}: what has the focus is seen`, faults.length === 0, faults.slice(0, 6).join("\n"));
}

async function life(t, page, server) {
  await page.goto(server.org + "/r/risk");
  await skip(t, page);
  if ((await focused(page)).text !== "Add") await tabTo(page, at => at.text === "Add");
  await enter(t, page);
  await tabTo(page, at => at.name === "f.description");
  await page.keyboard.type("A bag is left in a train");
  await tabTo(page, at => at.name === "f.assets");
  await page.keyboard.press("Space");
  await tabTo(page, at => at.name === "f.likelihood");
  await page.keyboard.type("2");
  await tabTo(page, at => at.name === "f.consequence");
  await page.keyboard.type("2");
  await enter(t, page); // as forms do
  t.ok("it is recorded", (await page.textContent("h1")).includes("A bag is left in a train"));
  await skip(t, page);
  if ((await focused(page)).text !== "Change") await tabTo(page, at => at.text === "Change");
  await enter(t, page);
  await tabTo(page, at => at.name === "f.owner");
  await page.keyboard.type("Voss");
  await tabTo(page, at => at.text === "Save");
  await enter(t, page);
  t.ok("it is changed", (await page.textContent("dl.fields")).includes("Voss"));
}

async function withScript(t) {
  const server = await t.serve(), page = await t.page(server);
  await life(t, page, server);
  await page.goto(server.org + "/r/soa_entry/A.5.1/edit");
  await stops(t, page, "form");

  // The palette.
  await page.goto(server.org + "/r/risk");
  await tabTo(page, at => at.text === "Add");
  await page.keyboard.press("Control+k");
  await page.keyboard.type("management rev");
  await page.waitForFunction(() => document.querySelector("#palette [aria-selected=true]"));
  await page.keyboard.press("Escape");
  t.is("Escape leads back to where one was", (await focused(page)).text, "Add");
  await page.keyboard.press("Control+k");
  await page.keyboard.type("management rev");
  await page.waitForFunction(() => document.querySelector("#palette [aria-selected=true]")?.textContent.includes("Management reviews"));
  await enter(t, page);
  t.is("Enter goes there", await page.textContent("h1"), "Management reviews");

  // The menu of the account.
  await tabTo(page, at => at.tag === "SUMMARY" && at.text === "Voss");
  await page.keyboard.press("Enter");
  await tabTo(page, at => at.text === "Sign out", 4);
  await page.keyboard.press("Escape");
  t.is("Escape folds the menu", await page.locator(".me[open]").count(), 0);
  t.is("and one is at it", (await focused(page)).text, "Voss");

  // The same page again: one is where one was.
  await page.goto(server.org + "/judge?stage=stage2");
  await t.settled(page);
  const questions = await page.locator(".questions > li").count();
  await tabTo(page, at => at.text === "Yes");
  await enter(t, page);
  await t.settled(page);
  t.ok("it is answered", await page.locator(".questions > li").count() === questions - 1);
  t.ok("and one is at the next", await page.waitForFunction(() => document.activeElement.textContent === "Yes").catch(() => false));
}

async function without(t) {
  const server = await t.serve(), page = await t.page(server, {script: false, width: 390});
  await life(t, page, server);
  await page.goto(server.org);
  await tabTo(page, at => at.id === "menu-open");
  await page.keyboard.press("Space");
  t.ok("the menu of a phone opens", await page.locator(".menu").isVisible());
  await tabTo(page, at => at.text === "Risk");
  await page.keyboard.press("Enter");
  await tabTo(page, at => at.text === "Risk register");
  await enter(t, page);
  t.is("and leads on", await page.textContent("h1"), "Risk register");
}

module.exports = {"with a script": withScript, without};
