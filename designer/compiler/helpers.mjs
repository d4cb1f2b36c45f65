/**
 * What the compiled code calls, under the names that the TypeScript compiler gives. Its own versions use functions that the sandbox of rules does not
 * have, such as `Object.create`.
 */
const helpers = {
  __assign: `function __assign(target) {
  for (var i = 1; i < arguments.length; i++) for (var key in arguments[i]) if (Object.prototype.hasOwnProperty.call(arguments[i], key)) target[key] = arguments[i][key];
  return target;
}`,
  __rest: `function __rest(source, taken) {
  var rest = {};
  for (var key in source) if (Object.prototype.hasOwnProperty.call(source, key) && taken.indexOf(key) < 0) rest[key] = source[key];
  return rest;
}`,
  __spreadArray: `function __spreadArray(to, from) {
  return to.concat(Array.prototype.slice.call(from));
}`,
  __makeTemplateObject: `function __makeTemplateObject(cooked, raw) {
  cooked.raw = raw;
  return cooked;
}`,
  __extends: `function __extends(derived, base) {
  for (var key in base) if (Object.prototype.hasOwnProperty.call(base, key)) derived[key] = base[key];
  function Between() { this.constructor = derived; }
  Between.prototype = base.prototype;
  derived.prototype = new Between();
}`,
};

/** The helpers that the code names. */
export function helpersFor(code) {
  return Object.entries(helpers)
    .filter(([name]) => new RegExp(`\\b${name}\\(`).test(code))
    .map(([, text]) => `${text}\n`)
    .join('');
}
