import { describe, expect, it } from 'vitest';
import { estimatePassword } from './password-strength';

describe('the estimate of a password', () => {
  it.each([
    ['', 'short'],
    ['elf zeichen', 'short'],
    ['jo is my name here', 'name'],
    ['JO IS MY NAME HERE', 'name'],
    ['ababababababab', 'few'],
  ])('says of %j that it would be refused: %s', (password, weakness) => {
    expect(estimatePassword(password, 'jo')).toEqual({ strength: 0, weakness });
  });

  it.each(['abcdefghijklm', '123456789012', 'qwertzuiopasdf', 'sommersommersommer', 'aaaaaaaabbbbcdef'])('says of %j that it follows a pattern', (password) => {
    expect(estimatePassword(password, 'jo')).toEqual({ strength: 1, weakness: 'pattern' });
  });

  it.each([
    ['regenschirme', 1],
    ['Regenschirm7!', 2],
    ['segel murmel kontrabass', 3],
    ['grau violett kastanie 71 Lampe', 4],
    ['v8#kQz!mW2pL$x', 2],
    ['v8#kQz!mW2pL$xR4&tB9nG', 4],
  ])('gives %j the strength %i', (password, strength) => {
    expect(estimatePassword(password, 'jo')).toEqual({ strength, weakness: null });
  });

  it('asks nothing of a name that is not known', () => {
    expect(estimatePassword('segel murmel kontrabass', '').weakness).toBeNull();
  });
});
