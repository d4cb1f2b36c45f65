import { ActionIcon } from '@mantine/core';
import { IconBold, IconClearFormatting, IconH2, IconItalic, IconLink, IconList, IconListNumbers, IconUnderline } from '@tabler/icons-react';
import { useEffect, useRef, type KeyboardEvent } from 'react';
import { useTexts, type TextKey } from '@/lib/i18n/text';
import { sanitize } from '@/lib/sanitize';
import styles from './richtext.module.css';

interface Tool {
  command: string;
  argument?: string;
  label: TextKey;
  icon: typeof IconBold;
}

const tools: readonly Tool[] = [
  { command: 'bold', label: 'richtext.bold', icon: IconBold },
  { command: 'italic', label: 'richtext.italic', icon: IconItalic },
  { command: 'underline', label: 'richtext.underline', icon: IconUnderline },
  { command: 'formatBlock', argument: 'h3', label: 'richtext.heading', icon: IconH2 },
  { command: 'insertUnorderedList', label: 'richtext.bullets', icon: IconList },
  { command: 'insertOrderedList', label: 'richtext.numbers', icon: IconListNumbers },
  { command: 'createLink', label: 'richtext.link', icon: IconLink },
  { command: 'removeFormat', label: 'richtext.clear', icon: IconClearFormatting },
];

interface RichTextBoxProps {
  id: string;
  value: string;
  label: string;
  invalid: boolean;
  required: boolean;
  onChange(html: string | null): void;
}

/** Formatted text in an area that the browser edits; what leaves it is cleaned. */
export function RichTextBox({ id, value, label, invalid, required, onChange }: RichTextBoxProps) {
  const t = useTexts();
  const area = useRef<HTMLDivElement>(null);
  const own = useRef<string | null>(null);
  useEffect(() => {
    if (!area.current || own.current === value) return;
    area.current.innerHTML = sanitize(value);
    own.current = value;
  }, [value]);

  const report = () => {
    const html = sanitize(area.current?.innerHTML ?? '');
    const next = area.current?.textContent?.trim() ? html : '';
    own.current = next;
    onChange(next || null);
  };
  const use = ({ command, argument }: Tool) => {
    area.current?.focus();
    const address = command === 'createLink' ? window.prompt(t('richtext.address'), 'https://') : argument;
    if (command === 'createLink' && !address) return;
    document.execCommand(command, false, address ?? undefined);
    report();
  };
  const leave = (event: KeyboardEvent) => {
    if (event.key === 'Escape') area.current?.blur();
  };
  return (
    <div className={styles.box} data-invalid={invalid || undefined}>
      <div className={styles.tools} role="toolbar" aria-label={t('richtext.tools', { field: label })}>
        {tools.map((tool) => (
          <ActionIcon key={tool.command} size={26} aria-label={t(tool.label)} title={t(tool.label)} onMouseDown={(event) => event.preventDefault()} onClick={() => use(tool)}>
            <tool.icon size={15} stroke={1.7} />
          </ActionIcon>
        ))}
      </div>
      <div
        id={id}
        ref={area}
        className={styles.area}
        contentEditable
        suppressContentEditableWarning
        role="textbox"
        aria-multiline
        aria-label={label}
        aria-required={required}
        aria-invalid={invalid}
        onInput={report}
        onKeyDown={leave}
      />
    </div>
  );
}
