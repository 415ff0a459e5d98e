// Answers by wasi:http 0.3: Roman numerals as JSON.

import environment from "wasi:cli/environment@0.3.0";
import types from "wasi:http/types@0.3.0";

const { Fields, Response } = types;

const NUMERALS = [
  ["M", 1000], ["CM", 900], ["D", 500], ["CD", 400], ["C", 100], ["XC", 90],
  ["L", 50], ["XL", 40], ["X", 10], ["IX", 9], ["V", 5], ["IV", 4], ["I", 1],
];

export const handler = {
  async handle(request) {
    const path = (request.getPathWithQuery() ?? "/").split("?")[0];
    if (request.getMethod().tag !== "get") return json(405, { error: "only GET is answered" });
    const asked = path.slice(1);
    if (/^[0-9]+$/.test(asked)) return toRoman(Number(asked));
    return /^[IVXLCDM]+$/.test(asked)
      ? fromRoman(asked)
      : json(404, { error: "ask for /1994 or /MCMXCIV" });
  },
};

function toRoman(arabic) {
  const most = Number(variable("LARGEST") ?? 3999);
  if (arabic < 1 || arabic > most) return json(422, { error: `expected 1 to ${most}, found ${arabic}` });
  return json(200, { arabic, roman: write(arabic) });
}

function fromRoman(roman) {
  let arabic = 0;
  let rest = roman;
  for (const [letters, value] of NUMERALS) {
    for (; rest.startsWith(letters); rest = rest.slice(letters.length)) arabic += value;
  }
  return rest === "" && write(arabic) === roman
    ? json(200, { arabic, roman })
    : json(422, { error: `${roman} is no number` });
}

function write(arabic) {
  let roman = "";
  for (const [letters, value] of NUMERALS) {
    for (; arabic >= value; arabic -= value) roman += letters;
  }
  return roman;
}

function variable(name) {
  return environment.getEnvironment().find(([key]) => key === name)?.[1];
}

function json(status, value) {
  const body = Uint8Array.from(JSON.stringify(value) + "\n", (letter) => letter.charCodeAt(0));
  const noTrailers = wit.Future.from(
    { tag: "ok", val: null },
    wit.Future.RESULT_OPTION_OTHER_ERROR_CODE,
  ).readable;
  const type = Uint8Array.from("application/json", (letter) => letter.charCodeAt(0));
  const [response] = Response.new(Fields.fromList([["content-type", type]]), [body], noTrailers);
  response.setStatusCode(status);
  return response;
}
