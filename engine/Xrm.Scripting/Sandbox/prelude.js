(function () {
  "use strict";
  function add(target, name, body) { if (typeof target[name] !== "function") target[name] = body; }

  add(Array.prototype, "includes", function (value) {
    for (var i = 0; i < this.length; i++) if (this[i] === value || (value !== value && this[i] !== this[i])) return true;
    return false;
  });
  add(Array.prototype, "find", function (test) {
    for (var i = 0; i < this.length; i++) if (test(this[i], i, this)) return this[i];
  });
  add(Array.prototype, "findIndex", function (test) {
    for (var i = 0; i < this.length; i++) if (test(this[i], i, this)) return i;
    return -1;
  });
  add(Array.prototype, "findLast", function (test) {
    for (var i = this.length - 1; i >= 0; i--) if (test(this[i], i, this)) return this[i];
  });
  add(Array.prototype, "findLastIndex", function (test) {
    for (var i = this.length - 1; i >= 0; i--) if (test(this[i], i, this)) return i;
    return -1;
  });
  add(Array.prototype, "fill", function (value, start, end) {
    end = end === undefined ? this.length : end < 0 ? this.length + end : Math.min(end, this.length);
    for (var i = start < 0 ? Math.max(0, this.length + start) : start || 0; i < end; i++) this[i] = value;
    return this;
  });
  function flatten(list) {
    var result = [];
    for (var i = 0; i < list.length; i++) {
      if (!Array.isArray(list[i])) result.push(list[i]);
      else for (var j = 0; j < list[i].length; j++) result.push(list[i][j]);
    }
    return result;
  }
  add(Array.prototype, "flat", function () { return flatten(this); });
  add(Array.prototype, "flatMap", function (convert) { return flatten(this.map(function (value, i, list) { return convert(value, i, list); })); });
  add(Array.prototype, "at", function (index) { return this[index < 0 ? this.length + index : index]; });
  add(Array, "of", function () { return Array.prototype.slice.call(arguments); });
  add(Array, "from", function (list, map) {
    var result = [];
    for (var i = 0; i < list.length; i++) result.push(map ? map(list[i], i) : list[i]);
    return result;
  });

  add(String.prototype, "startsWith", function (text, from) { return this.substr(from || 0, text.length) === String(text); });
  add(String.prototype, "endsWith", function (text) { return this.length >= text.length && this.substr(this.length - text.length) === String(text); });
  add(String.prototype, "includes", function (text, from) { return this.indexOf(text, from || 0) >= 0; });
  add(String.prototype, "repeat", function (count) {
    var result = "";
    for (var i = 0; i < count; i++) result += this;
    return result;
  });
  add(String.prototype, "replaceAll", function (what, by) { return this.split(String(what)).join(by); });
  add(String.prototype, "trimStart", function () { return this.replace(/^\s+/, ""); });
  add(String.prototype, "trimEnd", function () { return this.replace(/\s+$/, ""); });
  add(String.prototype, "at", function (index) { return this.charAt(index < 0 ? this.length + index : index) || undefined; });
  function pad(text, length, by) {
    var result = "";
    by = by === undefined ? " " : String(by);
    if (by === "") return result;
    while (result.length < length - text.length) result += by;
    return result.substr(0, Math.max(0, length - text.length));
  }
  add(String.prototype, "padStart", function (length, by) { return pad(this, length, by) + this; });
  add(String.prototype, "padEnd", function (length, by) { return this + pad(this, length, by); });

  add(Object, "assign", function (target) {
    for (var i = 1; i < arguments.length; i++)
      if (arguments[i]) Object.keys(arguments[i]).forEach(copy(target, arguments[i]));
    return target;
  });
  function copy(target, source) { return function (key) { target[key] = source[key]; }; }
  add(Object, "values", function (object) { return Object.keys(object).map(function (key) { return object[key]; }); });
  add(Object, "entries", function (object) { return Object.keys(object).map(function (key) { return [key, object[key]]; }); });
  add(Object, "fromEntries", function (entries) {
    var result = {};
    for (var i = 0; i < entries.length; i++) result[entries[i][0]] = entries[i][1];
    return result;
  });

  add(Number, "isFinite", function (value) { return typeof value === "number" && isFinite(value); });
  add(Number, "isNaN", function (value) { return value !== value; });
  add(Number, "isInteger", function (value) { return typeof value === "number" && isFinite(value) && Math.floor(value) === value; });
  add(Number, "isSafeInteger", function (value) { return Number.isInteger(value) && Math.abs(value) <= 9007199254740991; });
  add(Number, "parseFloat", parseFloat);
  add(Number, "parseInt", parseInt);
  add(Math, "trunc", function (value) { return value < 0 ? Math.ceil(value) : Math.floor(value); });
  add(Math, "hypot", function () {
    var sum = 0;
    for (var i = 0; i < arguments.length; i++) sum += arguments[i] * arguments[i];
    return Math.sqrt(sum);
  });
  add(Math, "sign", function (value) { return value > 0 ? 1 : value < 0 ? -1 : Number(value); });
})();
