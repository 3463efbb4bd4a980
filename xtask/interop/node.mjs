// Proves what the official SDK for Node gives its caller: one ticket for each id, or what it says instead.
//
// Started with the folder that the SDK is installed in, and with the settings of the desk in the environment. A line in:
// {"ids": ["…"], "own": false, "together": true}. With `own`, the SDK's own option makes the helpdesk's header; else it is
// set by hand, as documented. A line out: [{"ticket": …} or {"error": "…"}], in the order of the ids.
import { createRequire } from "node:module";
import { createInterface } from "node:readline";

const lark = createRequire(process.argv[2] + "/")("@larksuiteoapi/node-sdk");
const env = process.env;
const silent = () => {};
const client = new lark.Client({
  appId: env.FEISHU_APP_ID,
  appSecret: env.FEISHU_APP_SECRET,
  helpDeskId: env.FEISHU_HELPDESK_ID,
  helpDeskToken: env.FEISHU_HELPDESK_TOKEN,
  domain: env.FEISHU_BASE_URL,
  logger: { error: silent, warn: silent, info: silent, debug: silent, trace: silent },
});
const pair = Buffer.from(`${env.FEISHU_HELPDESK_ID}:${env.FEISHU_HELPDESK_TOKEN}`).toString("base64");
const byHand = { headers: { "X-Lark-Helpdesk-Authorization": pair } };

const refusal = (status, body) => ({ error: `HTTP ${status}, code ${body?.code ?? "none"}` });

async function get(id, own) {
  try {
    const options = own ? lark.withHelpDeskCredential() : byHand;
    const response = await client.helpdesk.ticket.get({ path: { ticket_id: id } }, options);
    return response?.data?.ticket ? { ticket: response.data.ticket } : refusal(200, response);
  } catch (error) {
    return error.response
      ? refusal(error.response.status, error.response.data)
      : { error: `${error.name}: ${error.message}` };
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  const { ids, own, together } = JSON.parse(line);
  let responses = [];
  if (together) responses = await Promise.all(ids.map((id) => get(id, own)));
  else for (const id of ids) responses.push(await get(id, own));
  process.stdout.write(JSON.stringify(responses) + "\n");
}
