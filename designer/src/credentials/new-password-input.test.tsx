import { MantineProvider } from '@mantine/core';
import { render, screen } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { useState } from 'react';
import { expect, it } from 'vitest';
import { NewPasswordInput } from './new-password-input';

function Form() {
  const [password, setPassword] = useState('');
  return (
    <MantineProvider>
      <NewPasswordInput userName="jo" value={password} onChange={setPassword} />
    </MantineProvider>
  );
}

it('tells how strong a new password is, and whoever listens, too', async () => {
  render(<Form />);
  const status = screen.getByRole('status');
  await userEvent.type(screen.getByLabelText('New password'), 'jo and 9 others');
  expect(screen.getByText('Not enough. It must not contain your user name.', { selector: 'p' }).getAttribute('aria-hidden')).toBe('true');
  expect(await screen.findByText('Not enough. It must not contain your user name.', { selector: '[role=status]' })).toBe(status);
});
