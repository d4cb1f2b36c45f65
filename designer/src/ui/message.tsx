import { Button } from '@mantine/core';
import { IconAlertTriangle, IconInbox, IconMapPinOff, IconPlugConnectedX, IconSearchOff } from '@tabler/icons-react';
import styles from './message.module.css';

const icons = {
  alert: IconAlertTriangle,
  empty: IconInbox,
  missing: IconMapPinOff,
  offline: IconPlugConnectedX,
  search: IconSearchOff,
};

interface MessageProps {
  icon: keyof typeof icons;
  title: string;
  text?: string | undefined;
  action?: { label: string; onClick(): void } | undefined;
}

/** What stands where content would be: nothing there, nothing found, or what went wrong. */
export function Message({ icon, title, text, action }: MessageProps) {
  const Icon = icons[icon];
  return (
    <div className={styles.message} role="status">
      <span className={styles.icon}>
        <Icon size={20} stroke={1.6} aria-hidden />
      </span>
      <h2 className={styles.title}>{title}</h2>
      {text ? <p className={styles.text}>{text}</p> : null}
      {action ? (
        <Button variant="default" onClick={action.onClick}>
          {action.label}
        </Button>
      ) : null}
    </div>
  );
}
