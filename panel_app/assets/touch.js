// The page's one line to the server; what comes before it stands waits in leadline.waiting.
export function render({ model }) {
  leadline.send = (message) => model.send_msg(message);
  model.on("msg:custom", (event) => leadline.told(event.data ?? event));
  for (const message of leadline.waiting.splice(0)) leadline.send(message);
  return document.createElement("span");
}
