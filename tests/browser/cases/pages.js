// Every kind of page: axe in light and dark, wide and as narrow as a phone, and how much a first view loads.
"use strict";

// Name, and where it is below the organisation; "^" begins one below the server.
const PAGES = [
  ["overview", ""], ["verdict", "/judge?stage=stage2"], ["list", "/r/risk"], ["list of many columns", "/r/person"],
  ["list, filtered", "/r/risk?where=likelihood%3E%3D3&sort=-likelihood"], ["list with nothing like it", "/r/risk?where=description%3Dnothing"],
  ["list that is empty", "/r/threat"], ["record", "/r/risk/RI01"], ["record with lines", "/r/management_review/MR-2026-1"],
  ["form for a new one", "/r/risk/new"], ["form with lines", "/r/management_review/new"], ["form with a file", "/r/evidence/new"],
  ["form to change", "/r/soa_entry/A.5.1/edit"], ["form to move on", "/r/incident/IN1/advance/closed"], ["history", "/r/risk/RI01/history"],
  ["before it is removed", "/r/risk/RI01/remove"], ["search", "/search"], ["what was found", "/search?words=backup"],
  ["nothing found", "/search?words=zzzz"], ["members", "/members"], ["import", "/import"], ["take out", "/export"],
  ["ledger", "/ledger"], ["ledger of one register", "/ledger?register=risk"], ["what people are asked", "/own"],
  ["risk map", "/r/risk/face/map"], ["statement", "/r/soa_entry/face/statement"], ["charts", "/r/objective/face/charts"],
  ["time line", "/r/incident/face/timeline"], ["what is shown for when", "/r/evidence/face/coverage"],
  ["account", "^/account"], ["second factor", "^/account/factor"], ["passkeys", "^/account/passkeys"],
  ["tokens", "^/account/tokens"], ["what is due", "/due?days=365"], ["no such page", "/r/nothing"],
];
// What depends on colours, and on how wide a page is: all else axe looks at once.
const COLOURS = ["color-contrast", "link-in-text-block"];
const NARROW = ["target-size", "scrollable-region-focusable", "color-contrast", "button-name", "label", "link-name"];

async function look(t, name, page, url) {
  page.expected = name === "no such page" ? 404 : 0;
  await page.setViewportSize({width: 1280, height: 860});
  await page.emulateMedia({colorScheme: "light"});
  await page.goto(url);
  await t.settled(page);
  await t.axe(name, page);
  await t.sideways(name, page);
  await page.emulateMedia({colorScheme: "dark"});
  await t.axe(`${name}, dark`, page, COLOURS);
  await page.setViewportSize({width: 320, height: 700});
  await t.axe(`${name}, dark and narrow`, page, COLOURS);
  await page.emulateMedia({colorScheme: "light"});
  await t.axe(`${name}, narrow`, page, NARROW);
  await t.sideways(`${name}, narrow`, page);
}

// On paper: nothing to press, the heads of a table on each of its pages, nothing that is cut.
async function paper(t, name, page, url) {
  await page.setViewportSize({width: 700, height: 990});
  await page.goto(url);
  await page.emulateMedia({media: "print", colorScheme: "dark"});
  const wrong = await page.evaluate(() => {
    const seen = node => node.getClientRects().length > 0 && getComputedStyle(node).visibility !== "hidden";
    const faults = [...document.querySelectorAll("nav.menu-frame, button, .button, input[type=search], summary::marker")].filter(seen)
      .map(node => "is there: " + node.outerHTML.slice(0, 80));
    for (const node of document.querySelectorAll("main *"))
      if (seen(node) && node.scrollWidth > node.clientWidth + 1 && /hidden|auto|scroll/.test(getComputedStyle(node).overflowX) && !node.matches(".hidden, input, select"))
        faults.push("is cut: " + node.outerHTML.slice(0, 80));
    if ([...document.querySelectorAll("thead")].some(head => seen(head) && getComputedStyle(head).display !== "table-header-group"))
      faults.push("a head of a table does not come again");
    if (getComputedStyle(document.documentElement).backgroundColor !== "rgb(255, 255, 255)") faults.push("it is not on white");
    return faults.join("\n");
  });
  t.ok(`${name}: prints`, wrong === "", wrong);
  await page.emulateMedia({media: "screen"});
}

// What a browser that was never here loads for a page.
async function weight(t, server, path) {
  const page = await t.page(server);
  const parts = [];
  page.on("requestfinished", request => parts.push(request.sizes().then(sizes => [request.resourceType(), sizes.responseBodySize])));
  await page.goto(server.org + path);
  const loaded = parts.slice();
  let all = 0, script = 0;
  for (const [type, bytes] of await Promise.all(loaded)) {
    all += bytes;
    if (type === "script") script += bytes;
  }
  t.ok(`${path || "overview"}: under 40 KB of script`, script > 0 && script < 40e3, script);
  t.ok(`${path || "overview"}: under 60 KB in all`, all < 60e3, all);
}

// Two at once: each looks at every second page.
async function half(t, which) {
  const server = await t.serve();
  const page = await t.page(server);
  for (const [name, path] of PAGES.filter((_, i) => i % 2 === which))
    await look(t, name, page, path[0] === "^" ? server.at + path.slice(1) : server.org + path);
  return server;
}

module.exports = {
  one: async t => {
    const server = await half(t, 0);
    const stranger = await t.page(server, {signedIn: false});
    await look(t, "sign in", stranger, server.at + "/sign-in");
    const fresh = await t.empty();
    const first = await t.page(fresh, {signedIn: false});
    await look(t, "the first account", first, fresh.link);
  },
  other: async t => {
    const server = await half(t, 1);
    for (const path of ["", "/r/risk", "/r/risk/RI01"]) await weight(t, server, path);
    const page = await t.page(server);
    for (const [name, path] of PAGES.filter(([name]) => ["verdict", "list", "record", "record with lines", "history", "members"].includes(name)))
      await paper(t, name, page, server.org + path);
  },
};
