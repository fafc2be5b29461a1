// Text as the bytes of a file, and back.

export const encode = (text) => new TextEncoder().encode(text);
export const decode = (data) => new TextDecoder().decode(data);

// The one change that makes `after` of `before`: {from, to, insert}; null where they are the same.
export function difference(before, after) {
  if (before === after) return null;
  const most = Math.min(before.length, after.length);
  let start = 0;
  while (start < most && before[start] === after[start]) start += 1;
  let end = 0;
  while (end < most - start && before.at(-1 - end) === after.at(-1 - end)) end += 1;
  return { from: start, to: before.length - end, insert: after.slice(start, after.length - end) };
}
