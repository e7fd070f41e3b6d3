// The header row of a table.
export function TableHead({ heads }: { readonly heads: readonly (string | number)[] }) {
  return (
    <thead>
      <tr>
        {heads.map((head) => (
          <th scope="col" key={head}>
            {head}
          </th>
        ))}
      </tr>
    </thead>
  );
}
