import { describe, expect, it } from 'vitest';
import { plainText } from './plain-text';
import { sanitize } from './sanitize';

describe('a rich text', () => {
  it('keeps its format and loses what could run', () => {
    expect(sanitize('<p onclick="x()">a <b>b</b><script>x()</script></p>')).toBe('<p>a <b>b</b></p>');
    expect(sanitize('<a href="javascript:x()">a</a>')).toBe('<a>a</a>');
    expect(sanitize('<img src=x onerror=x()>')).toBe('');
  });

  it('gives its words alone', () => {
    expect(plainText('<p>a</p><p>b <b>c</b></p>')).toBe('a b c');
  });
});
