{#-
    After a table is written, before it is committed: fails where the primary key of the contract is blank or stands
    twice, and with it the build of the model, as a constraint of the database would. Says how often, never which.
-#}
{% macro assert_primary_key() %}
    {%- for constraint in model.get('constraints') or [] if constraint['type'] == 'primary_key' -%}
        {%- set key = constraint['columns'] | join(', ') -%}
        select
            case
                when count(*) > 0
                    then error(
                        'The primary key ({{ key }}) of {{ this.schema }}.{{ this.identifier }} is blank or '
                        || 'repeated: ' || count(*) || ' values'
                    )
            end
        from (
            select 1
            from {{ this }}
            group by {{ key }}
            having count(*) > 1 or {{ constraint['columns'] | join(' is null or ') }} is null
        )
    {%- endfor -%}
{% endmacro %}
