import { Button } from '@mantine/core';
import { IconCode, IconListCheck, IconPlus } from '@tabler/icons-react';
import { Link } from 'react-router';
import type { Entity } from '@/api/model';
import { useTexts } from '@/lib/i18n/text';
import { newRule, ruleBuilderPath, scriptPath } from '@/lib/paths';
import type { RuleFile } from '@/api/packages';
import { inOrder, type PlacedRule } from '../hooks/use-entity-rules';
import styles from './rule-builder.module.css';

function Item({ entity, placed: { rule, file } }: { entity: Entity; placed: PlacedRule }) {
  const t = useTexts();
  const label = rule.label ?? rule.name.replaceAll('_', ' ');
  const Sign = rule.script ? IconCode : IconListCheck;
  return (
    <li className={styles.item}>
      <Sign size={16} stroke={1.6} aria-hidden />
      <div>
        <Link className={styles.name ?? ''} to={rule.script ? scriptPath(file.package, rule.script) : ruleBuilderPath(entity.name, file.package, rule.name)}>
          {label}
        </Link>
        <p className={styles.hint}>
          {rule.script ? t('rule.script', { file: rule.script }) : <code>{rule.when ?? t('rule.always')}</code>} · {file.package}
        </p>
      </div>
    </li>
  );
}

/** The rules of an entity, in the order in which they run. */
export function RuleList({ entity, files }: { entity: Entity; files: RuleFile[] }) {
  const t = useTexts();
  const rules = inOrder(files);
  const [first] = files;
  return (
    <section className={styles.editor} aria-label={t('rule.list', { name: entity.label })}>
      {rules.length === 0 ? <p className={styles.hint}>{t('rule.none')}</p> : null}
      <ol className={styles.list}>
        {rules.map((placed) => (
          <Item key={`${placed.file.package}/${placed.rule.name}`} entity={entity} placed={placed} />
        ))}
      </ol>
      {first ? (
        <div>
          <Button component={Link} to={ruleBuilderPath(entity.name, first.package, newRule)} leftSection={<IconPlus size={15} />}>
            {t('rule.new')}
          </Button>
        </div>
      ) : null}
    </section>
  );
}
