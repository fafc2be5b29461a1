// Text as the bytes of a file, and back.

export const encode = (text) => new TextEncoder().encode(text);
export const decode = (data) => new TextDecoder().decode(data);
