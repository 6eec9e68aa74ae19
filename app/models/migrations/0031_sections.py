from tortoise import migrations
from tortoise.migrations import operations as ops
from orjson import loads
from tortoise.fields.base import OnDelete
from tortoise.fields.data import JSON_DUMPS
from uuid import uuid4
from tortoise import fields
from tortoise.indexes import Index

class Migration(migrations.Migration):
    dependencies = [('app', '0030_organisations')]

    initial = False

    operations = [
        ops.CreateModel(
            name='Section',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                ('group', fields.ForeignKeyField('app.Group', source_field='group_id', db_constraint=True, to_field='id', related_name='sections', on_delete=OnDelete.CASCADE)),
                ('name', fields.CharField(max_length=30)),
                ('folded', fields.CharField(max_length=600)),
                ('created_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'section', 'app': 'app', 'unique_together': (('group', 'folded'),), 'pk_attr': 'id'},
            bases=['Model'],
        ),
        ops.AddField(
            model_name='AccessSpell',
            name='sections',
            field=fields.TextField(null=True, unique=False),
        ),
        ops.AddField(
            model_name='FormerMember',
            name='section',
            field=fields.ForeignKeyField('app.Section', source_field='section_id', null=True, db_constraint=True, to_field='id', related_name='former_members', on_delete=OnDelete.SET_NULL),
        ),
        ops.AddField(
            model_name='FormerMember',
            name='section_at',
            field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
        ),
        ops.AddIndex(
            model_name='FormerMember',
            index=Index(fields=['section_id']),
        ),
        ops.AddField(
            model_name='Group',
            name='offers_sections',
            field=fields.BooleanField(default=False, db_default=False),
        ),
        ops.AddField(
            model_name='Invitation',
            name='sections',
            field=fields.JSONField(null=True, encoder=JSON_DUMPS, decoder=loads),
        ),
        ops.AddField(
            model_name='Membership',
            name='bound_to',
            field=fields.JSONField(null=True, encoder=JSON_DUMPS, decoder=loads),
        ),
        ops.AddField(
            model_name='Membership',
            name='section',
            field=fields.ForeignKeyField('app.Section', source_field='section_id', null=True, db_constraint=True, to_field='id', related_name='members', on_delete=OnDelete.SET_NULL),
        ),
        ops.AddField(
            model_name='Membership',
            name='section_at',
            field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
        ),
        ops.AddIndex(
            model_name='Membership',
            index=Index(fields=['section_id']),
        ),
    ]
