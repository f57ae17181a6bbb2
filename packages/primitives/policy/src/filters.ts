export type { Filter, FilterCondition, Scalar } from './condition.js';
export { filterOf, predicateOf } from './filter-of.js';
export { filterToKysely, type KyselyBuilder } from './filter-to-kysely.js';
export { filterToPrisma, type PrismaField, type PrismaWhere } from './filter-to-prisma.js';
export { filterToSql, type SqlTools } from './filter-to-sql.js';
