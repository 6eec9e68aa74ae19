from tortoise import migrations
from tortoise.migrations import operations as ops
from app.models.fields import EncryptedText
from tortoise.fields.base import OnDelete
from uuid import uuid4
from tortoise import fields
from tortoise.indexes import Index

class Migration(migrations.Migration):
    dependencies = [("app", "0029_excuses")]

    initial = False

    operations = [
        ops.CreateModel(
            name='Organisation',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                ('owner', fields.ForeignKeyField('app.Person', source_field='owner_id', db_constraint=True, to_field='id', related_name='organisations_owned', on_delete=OnDelete.CASCADE)),
                ('name', fields.CharField(max_length=60)),
                ('parent', fields.ForeignKeyField('app.Organisation', source_field='parent_id', null=True, db_constraint=True, to_field='id', related_name='children', on_delete=OnDelete.SET_NULL)),
                ('version', fields.BigIntField(default=1)),
                ('offered_to', fields.UUIDField(null=True)),
                ('offered_until', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('created_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'organisation', 'app': 'app', 'indexes': [Index(fields=['owner_id', 'created_at', 'id']), Index(fields=['parent_id', 'created_at', 'id'])], 'pk_attr': 'id'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='OrganisationAbove',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                ('organisation', fields.ForeignKeyField('app.Organisation', source_field='organisation_id', db_constraint=True, to_field='id', related_name='above', on_delete=OnDelete.CASCADE)),
                ('above', fields.ForeignKeyField('app.Organisation', source_field='above_id', db_constraint=True, to_field='id', related_name='below', on_delete=OnDelete.CASCADE)),
                ('distance', fields.SmallIntField()),
                ('since', fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'organisation_above', 'app': 'app', 'unique_together': (('organisation', 'above'),), 'indexes': [Index(fields=['above_id', 'organisation_id'])], 'pk_attr': 'id'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='OrganisationCode',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                ('organisation', fields.ForeignKeyField('app.Organisation', source_field='organisation_id', db_constraint=True, to_field='id', related_name='codes', on_delete=OnDelete.CASCADE)),
                ('created_by', fields.ForeignKeyField('app.Person', source_field='created_by_id', db_constraint=True, to_field='id', related_name='organisation_codes', on_delete=OnDelete.CASCADE)),
                ('token_hash', fields.CharField(unique=True, max_length=64)),
                ('created_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('expires_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'organisation_code', 'app': 'app', 'indexes': [Index(fields=['organisation_id', 'expires_at']), Index(fields=['created_by_id']), Index(fields=['expires_at'])], 'pk_attr': 'id'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='Overseer',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                ('organisation', fields.ForeignKeyField('app.Organisation', source_field='organisation_id', db_constraint=True, to_field='id', related_name='overseers', on_delete=OnDelete.CASCADE)),
                ('person', fields.ForeignKeyField('app.Person', source_field='person_id', null=True, db_constraint=True, to_field='id', related_name='oversights', on_delete=OnDelete.CASCADE)),
                ('phone', EncryptedText(null=True)),
                ('phone_hash', fields.CharField(null=True, max_length=64)),
                ('asked_until', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('appointed_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'overseer', 'app': 'app', 'unique_together': (('organisation', 'person'), ('organisation', 'phone_hash')), 'indexes': [Index(fields=['person_id']), Index(fields=['phone_hash']), Index(fields=['asked_until'])], 'pk_attr': 'id'},
            bases=['Model'],
        ),
        ops.AddField(
            model_name='Group',
            name='organisation',
            field=fields.ForeignKeyField('app.Organisation', source_field='organisation_id', null=True, db_constraint=True, to_field='id', related_name='groups', on_delete=OnDelete.SET_NULL),
        ),
        ops.AddField(
            model_name='Group',
            name='attached_at',
            field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
        ),
        ops.AddField(
            model_name='Group',
            name='turned_at',
            field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
        ),
        ops.AddIndex(
            model_name='Group',
            index=Index(fields=['organisation_id', 'colour']),
        ),
        ops.AddIndex(
            model_name='Group',
            index=Index(fields=['organisation_id', 'turned_at']),
        ),
    ]
