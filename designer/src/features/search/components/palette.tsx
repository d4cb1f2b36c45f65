import { Modal } from '@mantine/core';
import { IconCornerDownLeft, IconSearch } from '@tabler/icons-react';
import { Fragment, useEffect, useId, useState, type KeyboardEvent, type MouseEvent } from 'react';
import { useNavigate } from 'react-router';
import { failureText } from '@/api/failure-text';
import type { FoundText } from '@/api/search';
import { useTexts } from '@/lib/i18n/text';
import { colorOf } from '@/ui/color';
import { Icon } from '@/ui/icon';
import { useNarrow } from '@/ui/narrow';
import type { Command } from '../command';
import { usePalette, type PaletteItem } from '../hooks/use-palette';
import styles from './palette.module.css';

/** The text in which words were found, with these marked. */
function Found({ found: { label, text, matches } }: { found: FoundText }) {
  const endBefore = (place: number) => {
    const before = matches[place - 1];
    return before ? before.start + before.length : 0;
  };
  return (
    <span className={styles.found}>
      {label}:{' '}
      {matches.map(({ start, length }, place) => (
        <Fragment key={start}>
          {text.slice(endBefore(place), start)}
          <mark className={styles.mark}>{text.slice(start, start + length)}</mark>
        </Fragment>
      ))}
      {text.slice(endBefore(matches.length))}
    </span>
  );
}

interface OptionProps {
  id: string;
  item: PaletteItem;
  isActive: boolean;
  onPoint(): void;
  onChoose(event: MouseEvent): void;
}

function Option({ id, item, isActive, onPoint, onChoose }: OptionProps) {
  return (
    <div id={id} role="option" tabIndex={-1} aria-selected={isActive} className={styles.option} onMouseMove={isActive ? undefined : onPoint} onClick={onChoose}>
      <span className={styles.icon} style={item.color ? { color: colorOf(item.color) } : undefined}>
        <Icon name={item.icon} size={17} />
      </span>
      <span className={styles.texts}>
        <span className={styles.label}>{item.label}</span>
        {item.found ? <Found found={item.found} /> : null}
      </span>
      {item.beside ? <span className={styles.beside}>{item.beside}</span> : null}
      {isActive ? <IconCornerDownLeft className={styles.enter} size={14} aria-hidden /> : null}
    </div>
  );
}

interface PaletteProps {
  commands: readonly Command[];
  /** The app on whose pages one is. */
  app: string | undefined;
  onClose(): void;
}

/** Finds records, pages and actions by what is typed. */
export function Palette({ commands, app, onClose }: PaletteProps) {
  const t = useTexts();
  const narrow = useNarrow();
  const navigate = useNavigate();
  const list = useId();
  const { typed, setTyped, groups, isSearching, failure, incomplete } = usePalette(commands, app);
  const items = groups.flatMap((group) => group.items);
  const [place, setPlace] = useState(0);
  const active = Math.min(place, items.length - 1);
  const idOf = (item: PaletteItem | undefined) => (item ? `${list}-${item.key}` : undefined);
  const activeId = idOf(items[active]);
  useEffect(() => {
    if (activeId) document.getElementById(activeId)?.scrollIntoView({ block: 'nearest' });
  }, [activeId]);

  const choose = (item: PaletteItem | undefined, inNewTab: boolean) => {
    if (!item) return;
    if (item.path && inNewTab) {
      window.open(item.path, '_blank', 'noopener');
      return;
    }
    onClose();
    if (item.path) void navigate(item.path);
    else item.run?.();
  };
  const press = (event: KeyboardEvent) => {
    const count = items.length;
    const next = { ArrowDown: (active + 1) % count, ArrowUp: (active - 1 + count) % count, PageDown: Math.min(active + 8, count - 1), PageUp: Math.max(active - 8, 0) }[event.key];
    if (next !== undefined && count > 0) setPlace(next);
    else if (event.key === 'Enter' && !event.nativeEvent.isComposing) choose(items[active], event.ctrlKey || event.metaKey);
    else return;
    event.preventDefault();
  };

  return (
    <Modal.Root opened onClose={onClose} fullScreen={narrow} centered={false} padding={0} size={640} yOffset="12vh" transitionProps={{ duration: 80 }}>
      <Modal.Overlay backgroundOpacity={0.35} />
      <Modal.Content className={styles.content ?? ''} aria-label={t('search.title')}>
        <Modal.Body className={styles.body ?? ''}>
          <div className={styles.head}>
            <IconSearch size={18} color="var(--x-faint)" aria-hidden />
            <input
              className={styles.input}
              type="text"
              role="combobox"
              aria-expanded="true"
              aria-controls={list}
              aria-activedescendant={activeId}
              aria-autocomplete="list"
              aria-label={t('search.title')}
              placeholder={t('search.placeholder')}
              autoComplete="off"
              spellCheck={false}
              maxLength={200}
              data-autofocus
              value={typed}
              onChange={(event) => {
                setTyped(event.currentTarget.value);
                setPlace(0);
              }}
              onKeyDown={press}
            />
            <button type="button" className={styles.close} onClick={onClose}>
              {narrow ? t('common.close') : <kbd>Esc</kbd>}
            </button>
          </div>
          <div className={styles.progress} data-busy={isSearching || undefined} />
          <div id={list} role="listbox" aria-label={t('search.results')} className={styles.list}>
            {groups.map((group) => (
              <div key={group.heading} role="group" aria-labelledby={`${list}-${group.heading}`}>
                <div id={`${list}-${group.heading}`} className={styles.heading} role="presentation">
                  {t(group.heading)}
                </div>
                {group.items.map((item) => (
                  <Option key={item.key} id={idOf(item) ?? ''} item={item} isActive={items[active] === item} onPoint={() => setPlace(items.indexOf(item))} onChoose={(event) => choose(item, event.ctrlKey || event.metaKey)} />
                ))}
              </div>
            ))}
          </div>
          <p className={styles.note} role="status" data-shown={items.length === 0 || incomplete.length > 0 || undefined}>
            {failure ? failureText(t, failure) : items.length === 0 && !isSearching ? t('search.nothing', { text: typed.trim() }) : incomplete.length > 0 ? t('search.incomplete', { names: incomplete.join(', ') }) : ''}
          </p>
        </Modal.Body>
      </Modal.Content>
    </Modal.Root>
  );
}
