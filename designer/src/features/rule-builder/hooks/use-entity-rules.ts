import { useQuery } from '@tanstack/react-query';
import { useApi } from '@/api/api-context';
import { useModel } from '@/api/application-model';
import { ruleFilesQuery, type RuleFile, type RuleSource } from '@/api/packages';

/** A rule with the file that it stands in. */
export interface PlacedRule {
  rule: RuleSource;
  file: RuleFile;
}

/** The files that have, or can have, rules of an entity. */
export function useRuleFiles(entity: string) {
  return useQuery(ruleFilesQuery(useApi(), entity, useModel().source.version));
}

/** The rules of all files, in the order in which they run. */
export function inOrder(files: readonly RuleFile[]): PlacedRule[] {
  const isOwn = ({ path }: RuleFile) => path.startsWith('entities/');
  const all = [...files.filter(isOwn), ...files.filter((file) => !isOwn(file))].flatMap((file) => file.rules.map((rule) => ({ rule, file })));
  return all.sort((one, other) => (one.rule.order ?? 0) - (other.rule.order ?? 0));
}
